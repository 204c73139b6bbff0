"""Code to copy: the portal's address is filled in, the token never is."""

from qiportal.api.links import api_url, public_url

POWER_BI = """let
  Page = (cursor) => Json.Document(Web.Contents("{host}",
    [RelativePath = "api/v1/bi/{table}/",
     Query = [limit = "5000"] & (if cursor = null then [] else [cursor = cursor])])),
  Pages = List.Generate(() => Page(null), each _ <> null,
    each if [next_cursor] = null then null else Page([next_cursor])),
  Rows = Table.FromRecords(
    List.Combine(List.Transform(Pages, each [results])), null, MissingField.UseNull)
in
  Rows"""

R = """library(httr)
answer <- GET("{csv}", authenticate("TOKEN_ID", "WHOLE_TOKEN"))
stop_for_status(answer)
rows <- read.csv(text = content(answer, "text", encoding = "UTF-8"))"""

PANDAS = """import pandas as pd

rows = pd.read_csv(
    "{csv}",
    storage_options={{"Authorization": "Bearer WHOLE_TOKEN"}},
)"""

CURL = """curl --fail --user TOKEN_ID:WHOLE_TOKEN \\
  --output {table}.csv \\
  "{csv}\""""

CHANGES = """curl --fail --user TOKEN_ID:WHOLE_TOKEN \\
  "{changes}\""""

POST = """curl --fail --user TOKEN_ID:WHOLE_TOKEN \\
  --header "Content-Type: application/json" \\
  --data '{{"source": "incident-system", "mode": "partial", "rows": [
    {{"measure": 41, "period_start": "2026-10-01", "numerator": 7}}]}}' \\
  "{points}\""""


def snippets(table: str = "fact_data_point") -> list[dict[str, str]]:
    """{id, label, text} of each client's first lines, for one table."""
    words = {
        "host": public_url(""),
        "table": table,
        "csv": api_url(f"bi/{table}.csv"),
        "changes": api_url(f"bi/{table}/", updated_since="2026-11-23T02:00:00Z"),
    }
    kinds = [
        ("power-bi", "Power BI and Excel (Power Query, sign in as Basic)", POWER_BI),
        ("r", "R", R),
        ("pandas", "Python with pandas", PANDAS),
        ("curl", "curl: the whole table as a file", CURL),
        ("changes", "curl: only what changed since your last walk", CHANGES),
    ]
    return [
        {"id": f"code-{key}", "label": label, "text": text.format(**words)}
        for key, label, text in kinds
    ]


def post_snippet() -> dict[str, str]:
    text = POST.format(points=api_url("data-points/"))
    return {"id": "code-post", "label": "curl: send a number", "text": text}
