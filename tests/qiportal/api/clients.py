"""A client of the API: sends its token, follows cursors, checks each answer."""

import base64
import csv
import io
import json

from django.test import Client

from tests.qiportal.api.contract import check

API = "/api/v1/"


class Caller:
    """get("projects/") with the token; rows(...) walks to the last page."""

    def __init__(self, secret):
        self.secret = secret
        self.client = Client()

    def get(self, path, query=None, **headers):
        headers = {"Authorization": f"Bearer {self.secret}", **headers}
        response = self.client.get(API + path, query or {}, headers=headers)
        return self.checked(response, "GET")

    def checked(self, response, method):
        check(response.wsgi_request.path, method, response)
        return response

    def post(self, path, body, **headers):
        headers = {"Authorization": f"Bearer {self.secret}", **headers}
        response = self.client.post(
            API + path,
            json.dumps(body),
            content_type="application/json",
            headers=headers,
        )
        return self.checked(response, "POST")

    def page(self, path, **query):
        response = self.get(path, query)
        assert response.status_code == 200, response.content
        return response.json()

    def rows(self, path, **query):
        """Every row of a table, page by page."""
        page = self.page(path, **query)
        found = page["results"]
        while page["next_cursor"]:
            page = self.page(path, **{**query, "cursor": page["next_cursor"]})
            found += page["results"]
        return found

    def csv(self, path, **query):
        response = self.get(path, query)
        assert response.status_code == 200, response.content
        text = b"".join(response.streaming_content).decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def ndjson(self, path, **query):
        response = self.get(path, query)
        assert response.status_code == 200, response.content
        text = b"".join(response.streaming_content).decode()
        return [json.loads(line) for line in text.splitlines()]


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
