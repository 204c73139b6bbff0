"""What each page of a journey must pass, and the two ways of starting one."""

from tests.journeys.hands import Keys, Thumb

PASSWORD = "correct horse battery"
PHONE = 390
DESK = 1366
WAYS = {"phone": (PHONE, Thumb), "keyboard": (DESK, Keys)}


def begin(visit, way, user=None, **options):
    """A hand on a phone or on a keyboard, signed in as the user if one is given."""
    width, hand = WAYS[way]
    visitor = visit(user, width=width, touch=hand is Thumb, **options)
    return hand(visitor)


def steady(hand, name):
    """Keeps a picture; the page is no wider than the window, and nothing broke."""
    visitor = hand.visitor
    visitor.picture(f"journey-{name}", journey=True)
    assert visitor.sideways() <= 0
    assert visitor.problems == []


def look(hand, name):
    """Also asks that the page is accessible: for states no other test looks at."""
    steady(hand, name)
    assert hand.visitor.axe() == []


def sign_in(hand, person):
    """Through the real sign-in page, the way the hand works."""
    hand.visitor.open("/")
    steady(hand, "sign-in")
    hand.write("Email", person.email)
    hand.write("Password", PASSWORD)
    hand.button("Sign in")
