"""The texts themselves: whole, fitting, and free of anything that names a person."""

from qiportal.core.identifiers import scan
from qiportal.demo.content import DATA, archetypes, at, lines_of, said, services, the
from qiportal.demo.seed.phrases import phrases
from qiportal.demo.seed.voices import THEMES, voice
from qiportal.demo.seed.world import stream
from qiportal.library.seed import load_entries
from surveys.redaction import Redactor


def teams():
    return [team for service in services() for team in service.teams]


def test_there_is_enough_to_tell():
    assert len(archetypes()) == 89
    assert len(teams()) == 327
    assert len({team.name for team in teams()}) == 327


def test_no_line_of_any_text_holds_an_identifier():
    files = [*DATA.glob("*.txt"), *DATA.glob("archetypes/*.txt")]
    found = [
        (file.name, line)
        for file in files
        for line in lines_of(file)
        if file.name != "names.txt" and scan(line)
    ]
    assert len(files) == 14
    assert found == []


def test_every_title_names_its_team_so_no_two_are_alike():
    titles = [
        said(title, team.name)
        for kind in archetypes()
        for team in teams()
        if kind.suits(team)
        for title in kind.titles
    ]
    assert len(titles) > 9000
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= 150


def test_every_team_can_take_something_up():
    idle = [
        team.name
        for team in teams()
        if not any(kind.suits(team) for kind in archetypes())
    ]
    assert idle == []


def test_kinds_of_project_are_whole():
    library = {entry.slug for entry in load_entries()}
    for kind in archetypes():
        assert set(kind.methods) <= library, kind.slug
        assert len(kind.titles) == 3
        assert len(kind.ideas) >= 4
        assert len(kind.measures) >= 3
        assert len(kind.good) >= 2
        assert len(kind.bad) >= 2
        assert len(kind.learned) >= 3
        first = kind.measures[0]
        assert first.kind == "outcome"
        assert first.start != first.goal
        for idea in kind.ideas:
            primary, secondary = idea.driver
            assert kind.drivers[primary][1][secondary]


def test_counts_read_after_a_number():
    kinds = {kind.slug: kind for kind in archetypes()}
    assert kinds["falls"].count == "patients with bell, drink and walking aid in reach"
    assert all(not kind.count[0].isupper() for kind in kinds.values())


def test_team_names_inside_a_sentence():
    assert at("Heron Ward") == "on Heron Ward"
    assert at("Fracture Clinic") == "in the Fracture Clinic"
    assert the("Dietetics") == "Dietetics"
    assert the("Lung Cancer Nurses") == "the Lung Cancer Nurses team"
    assert said("{The} waits {at}.", "Eye Casualty") == (
        "Eye Casualty waits in Eye Casualty."
    )


def test_phrases_have_what_the_code_asks_for():
    for status in ("completed", "stopped", "sustained"):
        assert len(phrases()["learning"][status]) >= 4
        assert phrases()["reasons"][status]
    assert set(phrases()["why"]) == {"adopt", "adapt", "abandon"}


def test_voices_are_many_and_the_redactor_leaves_them_alone():
    rng = stream("test of voices")
    texts = {voice(rng, "open", 0.5).text for _ in range(400)}
    assert len(texts) > 300
    redactor = Redactor(staff_names=["Amina Yusuf"])
    assert [text for text in texts if redactor.redact(text).text != text] == []
    assert len(THEMES) == 10
