"""An open store to what `chaoxun status` shows: inputs by state, failures with advice, and whether the sums add up."""

from dataclasses import dataclass

from chaoxun.archive.outcomes import STATES, USABLE_STATES
from chaoxun.archive.store import Store
from chaoxun.language import say
from chaoxun.records import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a store holds."""

    n_found: int
    """Inputs ever listed."""
    states: dict[str, int]
    """State to number of inputs, in the order of STATES, without zeros.  They sum up to `n_found`."""
    n_articles: int
    """Articles and pictures."""
    n_tags: int
    release: str
    """Name of the release of the last run; ""."""
    failures: tuple[Failure, ...]
    """Of every input that is neither done, nor a duplicate, nor pending, each with advice."""

    def to_json(self) -> dict[str, object]:
        """The object of `chaoxun status --json`."""
        return {
            "found": self.n_found, "states": self.states, "articles": self.n_articles, "release": self.release,
            "failures": [
                {
                    "source": failure.source, "sha256": failure.sha256, "stage": failure.stage,
                    "reason": failure.reason, "message": failure.message, "advice": failure.advice,
                }
                for failure in self.failures
            ],
        }  # fmt: skip


def read_status(store: Store) -> Status:
    """The counts and failures of a store."""
    rows = list(store.known())
    states = [row.state for row in rows]
    return Status(
        n_found=len(rows),
        states={state: states.count(state) for state in STATES if state in states},
        n_articles=sum(row.n_articles for row in rows),
        n_tags=sum(store.counts("SELECT 'tags', count(*) FROM tags").values()),
        release=store.last_release(),
        failures=tuple(
            with_advice(row.failure)
            for row in rows
            if row.failure and row.state not in ("skipped_duplicate", "pending")
        ),
    )  # fmt: skip


def check_equation(store: Store) -> list[str]:
    """What does not add up; empty when every input is in one named state and every article is accounted for.

    found = done + partial + quarantined + needs_ocr + unsupported + skipped_duplicate + pending, each state but done
    and pending with a reason; as many articles as the done-marks say, none without a source whose mark says so.
    """
    rows = {row.key: row for row in store.known()}
    per_source = "SELECT s.key, count(*) FROM articles a JOIN sources s ON s.id = a.source_id {} GROUP BY s.key"
    stored = store.counts(per_source.format("WHERE a.kind IN ('article', 'photo')"))
    n_records = store.counts(per_source.format(""))
    n_states = sum(store.counts("SELECT state, count(*) FROM sources GROUP BY state").values())
    problems = [] if n_states == len(rows) else [f"{len(rows)} found, {n_states} in a state"]
    for key, row in rows.items():
        if row.state not in STATES:
            problems.append(f"{key}: unknown state {row.state!r}")
        if (row.failure is None) != (row.state in ("done", "pending")):
            problems.append(f"{key}: {row.state} with reason {row.failure.reason if row.failure else ''!r}")
        if stored.get(key, 0) != row.n_articles:
            problems.append(f"{key}: {stored.get(key, 0)} articles stored, {row.n_articles} marked")
        if row.state not in USABLE_STATES and n_records.get(key):
            problems.append(f"{key}: {row.state}, but {n_records[key]} records are stored")
        if row.state == "skipped_duplicate" and row.duplicate_of not in rows:
            problems.append(f"{key}: duplicate of nothing")
    return problems + store.find_damage()


def with_advice(failure: Failure) -> Failure:
    """`failure` with the next thing to do, by its reason where the error itself gave none."""
    if failure.advice:
        return failure
    return Failure(
        source=failure.source, sha256=failure.sha256, stage=failure.stage, reason=failure.reason,
        message=failure.message, advice=advice_for(failure.reason),
    )  # fmt: skip


def advice_for(reason: str) -> str:
    """The next thing to do for a reason code."""
    advice = {
        "EMPTY": say(en="extract the text again, or remove the file", zh="请重新提取文字，或移除该文件"),
        "CORRUPT": say(en="check the marked places, or extract the text again", zh="请核对缺字处，或重新提取文字"),
        "REJECT": say(en="give --encoding, or move the file aside", zh="请用 --encoding 指定编码，或移开该文件"),
        "UNKNOWN_FORMAT": say(en="convert it to plain text (.txt)", zh="请转换为纯文本（.txt）"),
        "NO_ARTICLE": say(en="look at it with 'chaoxun split --all'", zh="请用 chaoxun split --all 查看"),
        "CHANGED": say(en="run again when nothing writes to the file", zh="请在文件不再变动时重新运行"),
        "PERMISSION": say(en="give yourself read permission and run again", zh="请授予读取权限后重新运行"),
        "TAG_FAILED": say(en="check the release with 'chaoxun doctor'", zh="请用 chaoxun doctor 检查模型"),
        "LINK": say(en="give the file or folder that the link points to", zh="请直接指定链接指向的文件或文件夹"),
        "SPECIAL": say(en="nothing to do, unless it should be a file", zh="无需处理，除非它本应是文件"),
        "HIDDEN": say(en="give it by its own path if it is an input", zh="若确为输入，请直接指定其路径"),
        "UNREADABLE": say(en="check the file and its disk", zh="请检查文件和磁盘"),
        "TOO_LARGE": say(en="split the file, one issue a file", zh="请拆分文件，每期一个文件"),
        "DUPLICATE": say(en="nothing to do: the articles are kept once", zh="无需处理：文章只保留一份"),
    }  # fmt: skip
    return advice.get(reason, say(en="move the file aside, or report it", zh="请移开该文件，或反馈此问题"))
