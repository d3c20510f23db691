"""A store as one would write it without thinking of kills: it shows that the kill tests can fail."""

from chaoxun.archive.outcomes import Outcome
from chaoxun.archive.rows import Making
from chaoxun.archive.store import Store


class NaiveStore(Store):
    """Appends the rows in one transaction and marks the source as done in the next."""

    def save(self, outcome: Outcome, making: Making) -> None:
        with self._transaction():
            self._append_rows(outcome, making)
        with self._transaction():
            self._write_mark(outcome, making)

    def has_article(self, article_id: str, *, other_than: str) -> bool:
        """An id is taken by whatever has it, so that no append ever fails."""
        return super().has_article(article_id, other_than="")

    def _append_rows(self, outcome: Outcome, making: Making) -> None:
        self._db.execute("PRAGMA defer_foreign_keys = ON")
        kept = self._db.execute(
            "SELECT * FROM articles WHERE source_id = ?", (self._source_id(outcome.key),)
        ).fetchall()
        tags = self._db.execute(
            "SELECT tags.* FROM tags JOIN articles ON articles.id = article_id WHERE source_id = ?",
            (self._source_id(outcome.key),),
        ).fetchall()
        self._write_rows(outcome, making)
        self._db.executemany(f"INSERT INTO articles VALUES ({','.join('?' * 16)})", kept)
        self._db.executemany(f"INSERT INTO tags VALUES ({','.join('?' * 10)})", tags)
