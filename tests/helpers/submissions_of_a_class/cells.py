"""Submissions whose cells students moved, copied, deleted or added."""

from classroom import put
from nbformat.v4 import new_code_cell, new_markdown_cell

from .cases import ALL, NUMBER, after, case, find, pasted, solved, stub


@case("02-relu-scalar")
def deletes_an_exercise_and_its_tools(room):
    notebook, gone = solved(room), ("02-relu-scalar", "02-tools")
    notebook.cells = [cell for cell in notebook.cells if cell.id not in gone]
    return notebook


@case()
def solves_in_new_cells_below_the_stubs(room):
    notebook, theirs = room.untouched(NUMBER), solved(room)
    for name in ALL:
        after(notebook, name, new_code_cell(find(theirs, name).source))
    return notebook


@case()
def keeps_an_old_try_commented_out_at_the_end(room):
    notebook = solved(room)
    notebook.cells.append(pasted(notebook, "02-relu", "# class ReLU: return max(x, 0)"))
    return notebook


@case()
def keeps_the_stub_before_the_solution(room):
    notebook = solved(room)
    cell = pasted(notebook, "02-relu", stub(room, "02-relu"))
    return after(notebook, "02-relu-scalar-check", cell)


@case(mend="the last of several cells counts, though the check stands before it")
def keeps_the_stub_at_the_end(room):
    notebook = solved(room)
    cell = pasted(notebook, "02-relu", stub(room, "02-relu"))
    notebook.cells.append(cell)
    return notebook


@case()
def tries_a_pasted_cell_after_the_check(room):
    notebook = solved(room)
    text = "r = ReLU()\nprint(r(Tensor([1.0, -1.0])).tolist())"
    cell = pasted(notebook, "02-relu", text)
    return after(notebook, "02-relu-check", cell)


@case()
def leaves_an_assert_behind(room):
    notebook = solved(room)
    text = find(notebook, "02-relu-scalar").source
    return put(notebook, "02-relu-scalar", f"{text}\n\nassert False, 'check again'")


@case()
def answers_the_questions(room):
    """In the course's text cell, and in a new one."""
    notebook = solved(room)
    questions = next(c for c in notebook.cells if "ML Systems Thinking" in c.source)
    questions.source += "\n\nMy answer: along the batch."
    return after(notebook, questions.id, new_markdown_cell("2. It gives 0."))


@case()
def imports_what_is_not_installed(room):
    cell = new_code_cell("import a_package_that_nobody_has")
    return after(solved(room), "02-imports", cell)


@case()
def asks_for_input(room):
    return after(solved(room), "02-imports", new_code_cell("name = input('Name? ')"))


@case()
def exits_in_a_cell_of_its_own(room):
    cell = new_code_cell("import sys\nsys.exit()")
    return after(solved(room), "02-imports", cell)


@case("02-relu-scalar")
def exits_in_a_function(room):
    text = "import sys\n\ndef relu_scalar(x):\n    sys.exit(0)"
    return put(solved(room), "02-relu-scalar", text)


@case()
def prints_a_megabyte(room):
    loop = new_code_cell("for i in range(60_000):\n    print(i, i * i)")
    return after(solved(room), "02-relu-scalar", loop)


@case(mend="more than 2 MB of output end the submission, whatever its checks say")
def prints_three_megabytes(room):
    loop = new_code_cell("for i in range(200_000):\n    print(i, i * i)")
    return after(solved(room), "02-relu-scalar", loop)
