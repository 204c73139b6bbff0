import pytest

from surveys.redaction import Redactor, redact_comment


@pytest.mark.parametrize(
    ("text", "expected", "counts"),
    [
        ("Sarah told me off", "[removed] told me off", {"name": 1}),
        ("lucy told me off", "[removed] told me off", {"name": 1}),
        ("SARAH IS RUDE", "[removed] IS RUDE", {"name": 1}),
        ("I told Sarah Jenkins's team", "I told [removed] team", {"name": 1}),
        ("Anne-Marie helped", "[removed] helped", {"name": 1}),
        ("Kwame\u2019s idea", "[removed] idea", {"name": 1}),
        ("I asked Grace about it", "I asked [removed] about it", {"name": 1}),
        ("then Mark Evans left", "then [removed] left", {"name": 1}),
        ("Sarah Is rude", "[removed] Is rude", {"name": 1}),
        ("Dr Patel ignored us", "[removed] ignored us", {"title_name": 1}),
        ("Matron Okafor-Hall said", "[removed] said", {"title_name": 1}),
        ("Ward sister Jones", "Ward [removed]", {"title_name": 1}),
        ("Mrs Hall came", "[removed] came", {"person_name": 1}),
        ("the falls in bay 2", "the falls in [removed]", {"bed": 1}),
        ("a patient in bed 14", "a patient in [removed]", {"bed": 1}),
        ("as the only dietitian", "as [removed]", {"unique_role": 1}),
        ("sole male HCA night porter", "[removed]", {"unique_role": 1}),
        ("ring 07700 900123", "ring [removed]", {"phone": 1}),
        ("NHS 999 000 0018", "NHS [removed]", {"nhs_number": 1}),
        ("bare 9990000018 too", "bare [removed] too", {"nhs_number": 1}),
    ],
)
def test_what_names_a_person_is_removed_and_counted(text, expected, counts):
    result = redact_comment(text)
    assert (result.text, result.counts) == (expected, counts)


@pytest.mark.parametrize(
    "text",
    [
        "Will the trust fund this? May we have more time?",
        "Mark your calendar. Grace period is over. Hope this helps.",
        "Our thanks to the Hope ward team and to the Dean",
        "Victoria Ward, James Cook Hospital and the Francis report",
        "St George's rota, Queen Elizabeth site",
        "TIA clinic, the DESMOND course, MIA",
        "Matron said no. The Dr. However was kind",
        "Nurse Practitioner and Sister In charge roles",
        "I am not the only nurse who thinks so; only nurses may do it",
        "Bed occupancy 95%, 12 beds and bay 95%",
        "We need more time and staff.",
        "Jan 2026 was better than Jan 2025",
        "",
    ],
)
def test_ordinary_comments_stay_as_they_are(text):
    result = redact_comment(text)
    assert (result.text, result.counts) == (text, {})


def test_the_trusts_staff_list_finds_names_the_gazetteer_lacks():
    text = "I told Xquenda Zzardo. Later zzardo xquenda and I met Zzardo again."
    assert redact_comment(text).counts == {}
    redactor = Redactor(staff_names=["Xquenda Zzardo", " "])
    result = redactor.redact(text)
    assert result.counts == {"name": 2}
    assert result.text == (
        "I told [removed]. Later zzardo xquenda and I met [removed] again."
    )


def test_staff_surname_that_is_a_word_is_left_alone_at_the_start_of_a_sentence():
    redactor = Redactor(staff_names=["Young Ward"])
    text = "Young people wait. Ward rounds run late. I told Young about it."
    assert redactor.redact(text).text == (
        "Young people wait. Ward rounds run late. I told [removed] about it."
    )


def test_full_staff_name_is_removed_in_any_case():
    redactor = Redactor(staff_names=["Young Ward"])
    assert redactor.redact("ask young ward's team").text == "ask [removed] team"


def test_unique_roles_of_the_unit_are_removed():
    result = redact_comment(
        "The tissue viability nurse never comes",
        unique_roles=["Tissue Viability Nurse"],
    )
    assert result.text == "The [removed] never comes"
    assert result.counts == {"unique_role": 1}


def test_the_trusts_hospital_numbers_are_removed():
    result = redact_comment("about Z123456", hospital_pattern="Z[0-9]{6}")
    assert result.counts == {"hospital_number": 1}


def test_redacting_again_changes_nothing():
    text = "Sarah and Dr Patel in bay 2, NHS 999 000 0018, as the only dietitian."
    once = redact_comment(text)
    assert redact_comment(once.text).text == once.text
    assert once.counts == {
        "name": 1,
        "title_name": 1,
        "bed": 1,
        "nhs_number": 1,
        "unique_role": 1,
    }


TWENTY = [
    ("Sarah on nights never hands over.", "Sarah"),
    ("Ask Dr Adeyemi, he blocked it.", "Adeyemi"),
    ("Our matron, Mrs Pole, is great.", "Pole"),
    ("I am the only pharmacist here.", "only pharmacist"),
    ("My number is 07700 900456.", "900456"),
    ("Write to me at a.b@mail.example.", "a.b@mail.example"),
    ("The lady in bed 9 was forgotten.", "bed 9"),
    ("Prakash has done wonders.", "Prakash"),
    ("NHS number 999 000 0018 was lost.", "0018"),
    ("Born 3/4/1950 and still waiting.", "3/4/1950"),
    ("They promoted Tomasz over me.", "Tomasz"),
    ("Sister Mbeki shouts.", "Mbeki"),
    ("Professor Lund never came.", "Lund"),
    ("She lives in LS1 4AP.", "LS1 4AP"),
    ("MRN 445566 had two falls.", "445566"),
    ("No time for improvement.", ""),
    ("May we have a coach? Will it be soon?", ""),
    ("Hope is gone on Rose ward.", ""),
    ("Bank staff are never trained.", ""),
    ("The bronze course in March was good.", ""),
    ("Band 5s carry the ward.", ""),
]


def test_fifteen_identifiers_go_and_six_clean_texts_stay():
    for text, secret in TWENTY:
        result = redact_comment(text)
        if secret:
            assert secret not in result.text
        else:
            assert result.text == text


@pytest.mark.parametrize(
    "unit", ["Sarah ", "the only ", "Dr ", "Aa-", "Bed ", "x", "'"]
)
def test_long_hostile_comments_are_read_in_linear_time(unit):
    text = unit * (100_000 // len(unit))
    assert len(redact_comment(text, staff_names=["Ann Lee Hall"]).text) > 0
