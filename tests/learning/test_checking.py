"""What `chaoxun annotations check` finds, each fault shown beside a file without it."""

import json

import pytest

from chaoxun.learning.checking import check_annotations

FAIR = "3月9日，白河县在体育场办招聘会，61家企业带来岗位1900个，当天有430人与企业达成意向，专车把山里的求职者接下来又送回去。"
CONTEST = "9月12日，云岭镇焊工比武在车间开赛，31名选手焊完试件才知道裁判用的是探伤仪，第一名焊缝无一处气孔。"


def row(text=FAIR, **values):
    return {
        "text": text,
        "labels": ["employment_fair"],
        "evidence": {"employment_fair": "61家企业带来岗位1900个"},
    } | values


def contest(**values):
    return row(
        CONTEST, **({"labels": ["skills_contest"], "evidence": {"skills_contest": "云岭镇焊工比武在车间开赛"}} | values)
    )


@pytest.fixture
def check(tmp_path):
    def run(*rows, **options):
        path = tmp_path / "a.jsonl"
        lines = [item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        n_read, findings = check_annotations([path], **options)
        return n_read, [(finding.where.rsplit(":", 1)[1], finding.code) for finding in findings]

    return run


def test_good_annotations_have_no_findings(check):
    assert check(row(), contest(), known=("employment_fair", "skills_contest"), needs_evidence=True) == (2, [])


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("{no json", "SCHEMA"),
        ({"labels": []}, "SCHEMA"),
        ({"text": "好", "labels": "employment_fair"}, "SCHEMA"),
        (row(unsure=["employment_fair"]), "SCHEMA"),
        (row(labels=["employment_fare"], evidence={"employment_fare": "61家企业"}), "UNKNOWN_LABEL"),
        (row(unknown=["skils"]), "UNKNOWN_LABEL"),
        (row(evidence={"employment_fair": "62家企业"}), "EVIDENCE"),
        (row(evidence={"employment_fair": ""}), "EVIDENCE"),
        (row(labels=[], evidence={"employment_fair": "61家企业"}), "EVIDENCE"),
        (row(evidence={}), "NO_EVIDENCE"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_still_checked(check, bad, code):
    n_read, findings = check(contest(), bad, known=("employment_fair", "skills_contest"), needs_evidence=True)
    assert findings == [("2", code)]
    assert n_read == (1 if code == "SCHEMA" else 2)


def test_without_a_list_of_labels_any_id_will_do(check):
    assert check(row(labels=["workplace_safety"], evidence={})) == (1, [])


def test_the_same_text_twice_is_a_duplicate_and_with_other_labels_a_contradiction(check):
    assert check(row(), contest(), row(text=FAIR.replace("，", "，\n"), evidence={}))[1] == [("3", "DUPLICATE")]
    assert check(row(), row(labels=[], evidence={}))[1] == [("2", "CONTRADICTION")]


def test_what_one_side_is_unsure_of_contradicts_nothing(check):
    assert check(row(), row(labels=[], unsure=["employment_fair"]))[1] == [("2", "DUPLICATE")]


def test_nearly_the_same_text_is_found(check):
    near = FAIR.replace("430人", "431人")
    assert check(row(), contest(), row(near, evidence={}))[1] == [("3", "NEAR_DUPLICATE")]
    assert check(row(), contest(), row(near, labels=[], evidence={}))[1] == [("3", "CONTRADICTION")]
