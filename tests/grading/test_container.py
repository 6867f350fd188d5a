"""The container's definition and the Kubernetes Job, as far as no cluster is needed."""

import re
import shlex

import pytest
import yaml

from tools import ROOT
from tools.grade import contain
from tools.grade.course import Course, every_chapter

FOLDER = ROOT / "tools" / "grade" / "container"
KUBERNETES = "1.37"


def containerfile():
    """Return the instructions of the Containerfile, as pairs of a name and the rest."""
    text = (ROOT / contain.FILE).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(" ", 1)) for line in lines]


def manifests():
    text = (FOLDER / "job.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load_all(text))


@pytest.mark.parametrize("document", manifests(), ids=lambda each: each["kind"])
def test_the_manifest_is_what_kubernetes_takes(document):
    schemas = pytest.importorskip(
        "kubernetes_validate", reason="the schemas of Kubernetes are not installed"
    )
    schemas.validate(document, KUBERNETES, strict=True)


def test_a_misspelt_field_would_be_found():
    schemas = pytest.importorskip(
        "kubernetes_validate", reason="the schemas of Kubernetes are not installed"
    )
    job = manifests()[-1]
    job["spec"]["template"]["spec"]["containers"][0]["securityContexts"] = {}
    with pytest.raises(schemas.ValidationError, match="securityContexts"):
        schemas.validate(job, KUBERNETES, strict=True)


def test_the_job_is_selected_by_its_policy_and_mounts_what_it_names():
    policy, job = manifests()
    pod = job["spec"]["template"]
    wanted = policy["spec"]["podSelector"]["matchLabels"]
    assert wanted.items() <= pod["metadata"]["labels"].items()
    mounts = {m["name"] for m in pod["spec"]["containers"][0]["volumeMounts"]}
    assert mounts == {volume["name"] for volume in pod["spec"]["volumes"]}


def test_everything_that_the_image_copies_is_there():
    copied = [rest.split()[:-1] for name, rest in containerfile() if name == "COPY"]
    names = [name for names in copied for name in names]
    assert {"pyproject.toml", "constraints.txt", "tinytorch", "tools"} <= {*names}
    assert not [name for name in names if not (ROOT / name).exists()]


def test_the_image_runs_a_python_that_the_project_takes_and_installs_the_extra():
    steps = dict(containerfile())
    version = re.search(r"python:(\d+)\.(\d+)-", steps["FROM"])
    assert (3, 11) <= tuple(map(int, version.groups())) <= (3, 13)
    assert (
        "--constraint constraints.txt" in steps["RUN"] and ".[course]" in steps["RUN"]
    )
    arguments = yaml.safe_load(steps["ENTRYPOINT"])
    assert arguments[1:] == ["-m", "tools", "grade", "VENV=no"]


def test_the_commands_name_the_course_and_survive_a_shell():
    course = Course("/tmp/my course")
    build, run = contain.commands(course, every_chapter()[:2])
    assert shlex.split(build)[-3:] == ["--file", contain.FILE, "."]
    words = shlex.split(run)
    assert "/tmp/my course:/course" in words
    assert words[-3:] == [contain.IMAGE, "CH=01 02", "COURSE=/course"]


def test_the_guide_shows_the_command_that_is_printed():
    guide = (ROOT / "book/instructor/cluster.md").read_text(encoding="utf-8")
    shown = " ".join(guide.replace("\\\n", " ").split())
    assert " ".join(["podman run", *contain.OPTIONS, "--volume"]) in shown


def test_the_job_runs_the_image_that_the_guide_makes():
    image = manifests()[-1]["spec"]["template"]["spec"]["containers"][0]["image"]
    assert image.split("/")[-1].split(":")[0] == contain.IMAGE
