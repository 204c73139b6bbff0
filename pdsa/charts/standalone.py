"""The chart as one HTML file that works anywhere, without the portal or a network.

plotly.graph_objects takes half a second to import and is needed nowhere else, so it is
imported when somebody asks for such a file (D11).
"""

from html import escape

from pdsa.charts.reading import Reading
from pdsa.charts.spec import plotly_spec


def standalone_html(reading: Reading) -> str:
    """A whole page: the live chart with plotly.js inside, and its sentence."""
    from plotly.graph_objects import Figure

    figure = Figure(plotly_spec(reading))
    figure.update_layout(title=reading.measure.name)
    config = {"displaylogo": False, "responsive": True}
    chart = figure.to_html(full_html=False, include_plotlyjs=True, config=config)
    title, sentence = escape(reading.measure.name), escape(reading.sentence)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{title}</title></head><body>{chart}<p>{sentence}</p></body></html>"
    )
