"""The dicts that travel between the grading processes, and lie in results/ as JSON."""

from typing import NamedTuple, NotRequired, TypedDict


class Package(TypedDict):
    """The data to grade a chapter with; made by `job.pack`, sent to each worker."""

    version: int
    slug: str
    title: str
    module: str  # "tinytorch.core.tensor"
    source: str  # the instructor's notebook, as JSON
    published: dict[str, str]  # {cell id: text} of the release
    framework: dict[str, str]  # {path: text} of the earlier chapters
    limits: dict[str, float]  # the fields of shut_in's Limits
    key: NotRequired[str]  # checksum of all the above
    database: NotRequired[bytes]  # a gradebook without students; see `job.ready`


class Job(TypedDict):
    """One submission, to be graded with its chapter's Package."""

    student: str
    data: NotRequired[bytes]  # the notebook file; without it there is a `problem`
    problem: NotRequired[str]  # why there is nothing to grade
    notes: NotRequired[list[str]]  # remarks so far
    own: NotRequired[dict[str, str]]  # {module: source} of the student's earlier work
    timestamp: NotRequired[str | None]  # when it was handed in, as nbgrader writes it
    digest: NotRequired[str]  # checksum of package and job: the same work is skipped


class CheckRecord(TypedDict):
    """The result of a check: the fields of `attempt.Verdict`, and the points given."""

    id: str
    points: float
    state: str
    message: str
    score: float


class Result(TypedDict):
    """The result of a submission; results/CHAPTER/STUDENT.json keeps all but the files.

    `status` is graded, stopped (graded in part), unreadable (nothing to grade) or
    failed (by the grader's own fault).
    """

    student: str
    status: str
    score: float
    max: float
    verdicts: list[CheckRecord]
    errors: dict[str, str]  # {cell id: message}
    notes: list[str]  # remarks that the student may read
    flags: list[str]  # remarks for the course's staff alone
    stopped: str  # why the run was ended, or ""
    off: dict[str, str]  # {cap: why this machine lacks it}
    seconds: float
    autograded: NotRequired[str]  # the graded notebook, as JSON
    feedback: NotRequired[str]  # the page of feedback, as HTML
    digest: NotRequired[str]  # of the job; added by the Writer
    chapter: NotRequired[str]


class Summary(TypedDict):
    """The part of a Result that `make grade` reports when it ends."""

    status: str
    score: float
    max: float
    off: dict[str, str]
    stopped: str


class OwnModule(TypedDict):
    """A module made of a student's chapter; results/own/CHAPTER/STUDENT.json."""

    student: str
    source: str
    mine: list[str]  # ids of the exercises that are the student's
    of: int  # how many exercises the module has
    status: NotRequired[str]  # "failed" where the grader itself failed
    digest: NotRequired[str]


Roster = dict[str, dict[str, str]]  # {student: row of students.csv}
Kept = dict[str, dict[str, Result]]  # {chapter: {student: result}}


class OwnWork(NamedTuple):
    """Students' own earlier chapters, on which FRAMEWORK=own runs their submissions."""

    modules: dict[str, dict[str, str]]  # {student: {module: source}}
    remarks: dict[str, str]  # {student: which chapters are their own}
