"""Copy-and-paste texts by which a person's tool reads the figures."""

from django.conf import settings

POWER_BI = """let
  Page = (c) => Json.Document(Web.Contents("PORTAL",
    [RelativePath = "api/v1/bi/fact_indicator/",
     Query = [limit = "5000"] & (if c = null then [] else [cursor = c])])),
  Pages = List.Generate(() => Page(null), each _ <> null,
    each if [next_cursor] = null then null else Page([next_cursor])),
  Rows = Table.FromRecords(List.Combine(List.Transform(Pages, each [results])),
    null, MissingField.UseNull)
in Rows"""
R = """library(httr)
library(jsonlite)
answer <- GET("PORTAL/api/v1/bi/fact_indicator/?limit=5000",
              authenticate("TOKEN_ID", Sys.getenv("QIP_TOKEN")))
rows <- fromJSON(content(answer, "text"))$results"""
PANDAS = """import os
import pandas

rows = pandas.read_csv(
    "PORTAL/api/v1/bi/fact_indicator.csv",
    storage_options={"Authorization": "Bearer " + os.environ["QIP_TOKEN"]},
)"""
CURL = 'curl -u "TOKEN_ID:$QIP_TOKEN" PORTAL/api/v1/bi/fact_indicator.csv'
TEXTS = (
    ("snippet-power-bi", "Power BI or Excel (Power Query)", POWER_BI),
    ("snippet-r", "R", R),
    ("snippet-pandas", "Python with pandas", PANDAS),
    ("snippet-curl", "Command line", CURL),
)


def snippets(user_name: str = "ID") -> list[dict]:
    """{id, label, text} for each tool, with this portal's address filled in.

    The token itself is never part of a text: tools keep it where they keep secrets.
    """
    return [
        {
            "id": id_,
            "label": label,
            "text": text.replace("PORTAL", settings.PUBLIC_URL).replace(
                "TOKEN_ID", user_name
            ),
        }
        for id_, label, text in TEXTS
    ]
