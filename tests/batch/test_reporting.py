"""The batch report."""

import json
from pathlib import Path

from pipeline.batch.reporting import render_json, render_text, write_report
from pipeline.batch.tasks import Row, Status

ROWS = [
    Row("in/a.txt", Status.DONE, "", "a", 12, {"number_lost": 2, "same": 1}, {"term_left": 3}),
    Row("in/b.txt", Status.FAILED, "the file is empty; write something"),
    Row("in/c\\u202e.txt", Status.LEFT, "c.xlf edited", "c", 3, {"same": 1}),
    Row("in/d.txt", Status.WAITING),
]


def test_json_has_totals_and_a_record_an_article() -> None:
    """In the order of the run, with the reason of what is not done."""
    document = json.loads(render_json(ROWS))
    assert document["totals"] == {
        "articles": 4, "segments": 15, "done": 1, "failed": 1, "left": 1, "waiting": 1,
        "findings": {"number_lost": 2, "same": 2}, "remarks": {"term_left": 3},
    }  # fmt: skip
    assert [row["path"] for row in document["articles"]] == [row.path for row in ROWS]
    assert document["articles"][1]["reason"] == "the file is empty; write something"


def test_text_puts_what_needs_a_person_before_the_table() -> None:
    """Counts, findings by rule with the most frequent first, then the failed and the edited with their reasons."""
    text = render_text(ROWS).decode()
    assert text.startswith("4 articles: 1 done, 1 failed, 1 left, 1 waiting; 15 segments\n")
    needs, table = text.index("Needs a person"), text.index("status    segments")
    assert text.index("Findings by rule") < text.index("Remarks by rule\n       3  term_left\n") < needs
    assert "done            12         3  in/a.txt" in text  # remarks are not counted as findings
    assert needs < text.index("in/b.txt: the file is empty") < table < text.index("in/d.txt")


def test_report_is_written_whole(tmp_path: Path) -> None:
    """Both files stand in the output folder, and nothing else."""
    write_report(ROWS, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["batch.json", "batch.txt"]
    assert (tmp_path / "batch.json").read_bytes() == render_json(ROWS)
