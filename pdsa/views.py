from django.http import HttpResponse


def project_home(request, reference):
    return HttpResponse(reference)
