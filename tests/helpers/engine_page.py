"""Puts the browser engine into a page without a chapter, for test_engine.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

START_LIMIT = 60_000  # ms within which a start must succeed or report its failure

# Starts a kernel with some packages; defines startSession, makeCell, run in the page.
SETUP = """async (packages) => {
  const { installBrowserKernel } = await import('/kernel.js');
  const thebe = await import('/thebe.js');
  window.progress = [];
  window.deaths = [];
  installBrowserKernel({
    base: '/', packages,
    onProgress: (state) => window.progress.push(state),
    onDeath: (message) => window.deaths.push(message),
  });
  const config = thebe.makeConfiguration({
    mathjaxUrl: '', kernelOptions: { kernelName: 'python', path: '/' },
  });
  const server = new thebe.ThebeServer(config);
  server.connectToJupyterLiteServer();
  await server.ready;
  const rendermime = thebe.makeRenderMime();
  window.startSession = async () => {
    window.session = await server.startNewSession(rendermime);
    window.statuses = [];
    session.kernel.statusChanged.connect((_, status) => statuses.push(status));
  };
  window.makeCell = (code, id = 'cell') => {
    const place = document.createElement('div');
    document.body.append(place);
    const cell = new thebe.ThebeCodeCell(id, 'page', code, config, {}, rendermime);
    cell.attachSession(session);
    cell.attachToDOM(place);
    return { cell, place };
  };
  window.run = async (code, id) => {
    const { cell, place } = makeCell(code, id);
    const result = await cell.execute();
    // Markdown and math come with modules of their own, a little later.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { result, outputs: cell.outputs, html: place.innerHTML,
             text: place.innerText };
  };
  await startSession();
}"""


def run(page: Page, code: str, name: str = "cell") -> Any:
    """Run a cell in the page; return its result, outputs, HTML and text."""
    return page.evaluate(
        """([code, name, limit]) => Promise.race([
          run(code, name),
          new Promise((_, reject) => setTimeout(reject, limit, 'the cell did not end')),
        ])""",
        [code, name, START_LIMIT],
    )
