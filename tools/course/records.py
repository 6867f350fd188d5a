"""Types of the dicts that grading processes exchange and results/ keeps as JSON."""

from typing import NamedTuple, NotRequired, TypedDict


class Package(TypedDict):
    """All that a worker process needs to grade one chapter; made by `job.pack`."""

    version: int
    slug: str
    title: str
    module: str  # "tinytorch.core.tensor"
    source: str  # the instructor's notebook, as JSON
    published: dict[str, str]  # {cell id: text} of the release notebook
    framework: dict[str, str]  # {path: text} of tinytorch; earlier_chapters.pack
    limits: dict[str, float]  # the fields of shut_in.outside.Limits
    key: NotRequired[str]  # checksum of all the above
    database: NotRequired[bytes]  # SQLite file of a gradebook without students


class Job(TypedDict):
    """One student's submission of a chapter, graded with the chapter's Package."""

    student: str
    data: NotRequired[bytes]  # the notebook file; a job without it has a `problem`
    problem: NotRequired[str]  # why there is nothing to grade
    notes: NotRequired[list[str]]  # remarks for the student, made before the grading
    own: NotRequired[dict[str, str]]  # {module: source} of the student's own chapters
    timestamp: NotRequired[str | None]  # when handed in, as "2027-01-31 09:00:00 UTC"
    digest: NotRequired[str]  # checksum of package and job; graded once, it is skipped


class CheckRecord(TypedDict):
    """The result of one check: `attempt.Verdict` as a dict, with the points given."""

    id: str
    points: float  # what the check is worth
    state: str  # passed, failed, hidden, late or unrun; see `attempt.Verdict`
    message: str  # for the student; "" for a check that passed
    score: float  # the points given


class Result(TypedDict):
    """The result of grading one submission.

    results/CHAPTER/STUDENT.json holds every field but `autograded` and `feedback`,
    which become files of their own. `status` is graded, stopped (graded in part),
    unreadable (nothing to grade) or failed (the grader itself failed).
    """

    student: str
    status: str
    score: float  # points given
    max: float  # points of the whole chapter
    verdicts: list[CheckRecord]
    errors: dict[str, str]  # {id of a cell that is no check: message of its exception}
    notes: list[str]  # remarks that the student may read
    flags: list[str]  # remarks for the course's staff alone
    stopped: str  # why the submission was ended or not run, or ""
    off: dict[str, str]  # {restriction that was not applied: why this machine lacks it}
    seconds: float  # how long the grading took
    autograded: NotRequired[str]  # the graded notebook, as JSON
    feedback: NotRequired[str]  # the page of feedback, as HTML
    digest: NotRequired[str]  # the job's digest; added by results.writer
    chapter: NotRequired[str]  # the chapter's slug; added by results.writer


class Summary(TypedDict):
    """The fields of a Result that `make grade` keeps in memory for its last report."""

    status: str
    score: float
    max: float
    off: dict[str, str]
    stopped: str


class OwnModule(TypedDict):
    """A package module made of a student's chapter, with FRAMEWORK=own.

    Kept as results/own/CHAPTER/STUDENT.json.
    """

    student: str
    source: str  # "" where no exercise is the student's
    mine: list[str]  # ids of the exercises that hold the student's code
    of: int  # how many exercises the module has
    status: NotRequired[str]  # "failed" where the grader itself failed
    digest: NotRequired[str]  # the digest of the job that the module was made from


Roster = dict[str, dict[str, str]]  # {student: row of students.csv}
Kept = dict[str, dict[str, Result]]  # {chapter: {student: result}}


class OwnWork(NamedTuple):
    """Students' own earlier chapters, on which FRAMEWORK=own runs their submissions."""

    modules: dict[str, dict[str, str]]  # {student: {module: source}}
    remarks: dict[str, str]  # {student: sentence naming the chapters that are theirs}
