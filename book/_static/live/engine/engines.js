/**
 * Makes the three engines, the places where code can run: this browser, this computer
 * and Binder. Their common interface is in interface.js.
 */

import { loadSheet } from "../base/dom.js";
import { offlineState } from "../offline/offline.js";
import { Session } from "./session.js";
import { megabytes } from "../base/words.js";

/**
 * @import { PageData } from "../base/types.js"
 * @import { Computer, Engine, Started, Thebe } from "./interface.js"
 */

const COMPUTER_PATH = "live/computer.json";
// How long a start may show no progress before it counts as failed; see Engine.quiet.
const QUIET_MS = 45000;
const BINDER_QUIET_MS = 180000; // longer: Binder reports nothing while it builds an image
const NEWER =
  "It is a fault of the book, or of a browser older than Chrome 108, Firefox 115 or " +
  "Safari 16.4, and a reload will hardly mend it: take a newer browser";

/**
 * Return the three engines in the order of the select. The `why` of an engine that
 * cannot be used on this page says why.
 *
 * @param {PageData} page
 * @param {?Computer} computer as findComputer returns it; null if there is no server
 * @returns {Engine[]}
 */
export function listEngines(page, computer) {
  const engines = [browserEngine(page), computerEngine(page, computer), binderEngine(page)];
  if (page.browser.runtime) return engines;
  const why =
    "this book was built without the scripts that run cells: type make serve in a " +
    "copy of its repository";
  return engines.map((engine) => ({ ...engine, why, hint: "not in this build" }));
}

/**
 * Return the advice to show after a failed start.
 *
 * @param {Engine} engine
 * @param {any} error what the start rejected with. The browser engine's Unfit error and
 *   a SyntaxError would recur at every start in this browser, so they get
 *   `engine.unfit`
 * @returns {string}
 */
export function remedyFor(engine, error) {
  const again = error?.name !== "Unfit" && !(error instanceof SyntaxError);
  return again ? engine.remedy : (engine.unfit ?? engine.remedy);
}

/**
 * Fetch the address and token of the Jupyter server that `make serve` runs.
 *
 * @param {PageData} page
 * @param {string} siteUrl
 * @returns {Promise<?Computer>} null on a site that `make serve` does not serve, or if
 *   the request fails
 */
export async function findComputer(page, siteUrl) {
  if (!page.loopback) return null;
  try {
    const answer = await fetch(new URL(COMPUTER_PATH, siteUrl), { cache: "no-store" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/**
 * Return the engine to preselect: the remembered one if it can be used, else the
 * browser with numpy, this computer, or the browser without numpy.
 *
 * @param {Engine[]} engines
 * @param {?string} remembered name of the engine that the reader chose last
 * @param {PageData} page
 * @returns {?Engine} null if none of these can be used
 */
export function preselect(engines, remembered, page) {
  const usable = engines.filter((engine) => engine.why === null);
  const find = (name) => usable.find((engine) => engine.name === name);
  return (
    find(remembered) ??
    (page.browser.numpy ? find("browser") : undefined) ??
    find("computer") ??
    find("browser") ??
    null // Binder sends the reader's code to a third party: only the reader chooses it
  );
}

/**
 * Return the engine that runs Pyodide in a worker of the page.
 *
 * @param {PageData} page
 * @returns {Engine}
 */
function browserEngine(page) {
  const { ok, numpy, why, bytes } = page.browser;
  const size = bytes ? `, ${Math.round(bytes / 1e6)} MB,` : "";
  const stays = offlineState() === "on" ? " and stays in this browser" : "";
  const without =
    "numpy is not in this build of the book, so cells that import it fail here; " +
    "use another engine, or build with make engine WHEELS=FOLDER.";
  return {
    name: "browser",
    label: "This browser",
    place: "in this browser",
    note: numpy
      ? `Python${size} comes into this page${stays}; nothing is sent anywhere.`
      : without,
    caution: numpy ? "" : without,
    why: ok ? null : why || "this build of the book has no Python for the browser",
    hint: "not in this build",
    remedy: "Reload the page to try again",
    unfit: NEWER,
    quiet: QUIET_MS,
    interrupts: false,
    async start(tell, signal) {
      tell("Fetching Python…");
      // Not awaited yet: the kernel's worker can download while Thebe downloads.
      const url = (name) => new URL(name, page.engineUrl).href;
      const runtime = loadRuntime(page.engineUrl);
      const { installBrowserKernel } = await import(url("kernel.js"));
      const installed = installBrowserKernel({
        base: page.engineUrl,
        onProgress: (progress) => tell(...browserProgress(progress)),
      });
      signal.addEventListener("abort", () => installed.dispose());
      const thebe = await runtime;
      const server = new thebe.ThebeServer(configure(thebe, {}));
      await untilAborted(server.connectToJupyterLiteServer(), signal);
      return openSession(thebe, server, "python", signal);
    },
  };
}

/**
 * Return the engine that uses the Jupyter server on the reader's computer.
 *
 * @param {PageData} page
 * @param {?Computer} computer null makes an engine that cannot be used
 * @returns {Engine}
 */
function computerEngine(page, computer) {
  return {
    name: "computer",
    label: "This computer",
    place: "on this computer",
    note: "Cells run in a Python on this computer.",
    caution: "",
    why: computer
      ? null
      : "it needs the book served from your own computer: type make serve in a " +
        "copy of its repository",
    hint: "make serve",
    remedy:
      "Is make serve still running, and was this page opened at the address it " +
      "printed? Start it again and reload the page",
    quiet: QUIET_MS,
    interrupts: true,
    async start(tell, signal) {
      tell("Starting Python on this computer…");
      const thebe = await loadRuntime(page.engineUrl);
      const { baseUrl, token, kernelName } = computer;
      const settings = { baseUrl, token, appendToken: true };
      const server = new thebe.ThebeServer(
        configure(thebe, { serverSettings: settings }),
      );
      await untilAborted(connectToServer(server), signal);
      return openSession(thebe, server, kernelName, signal);
    },
  };
}

/**
 * Return the engine that uses a server on mybinder.org.
 *
 * @param {PageData} page
 * @returns {Engine}
 */
function binderEngine(page) {
  return {
    name: "binder",
    label: "Binder",
    place: "on mybinder.org",
    note: "Binder is a third party: what you run is sent to mybinder.org.",
    caution: "What you run is sent there.",
    why: page.repository
      ? null
      : "this build of the book names no public repository that Binder could use",
    hint: "no repository",
    remedy: "Binder may be overloaded: try again later",
    quiet: BINDER_QUIET_MS,
    interrupts: true,
    async start(tell, signal) {
      tell("Asking mybinder.org for a Python, which can take minutes…");
      const thebe = await loadRuntime(page.engineUrl);
      const configuration = configure(thebe, {
        binderOptions: {
          repo: page.repository,
          ref: page.ref,
          binderUrl: "https://mybinder.org",
          repoProvider: "github",
        },
        savedSessionOptions: { enabled: true },
      });
      configuration.events.on("status", (_, { message }) => tell(`${message}`));
      const server = new thebe.ThebeServer(configuration);
      await untilAborted(server.connectToServerViaBinder(), signal);
      await untilAborted(server.ready, signal);
      return openSession(thebe, server, "python3", signal);
    },
  };
}

/**
 * Load the engine's thebe.js and its style sheet; a second call loads neither again.
 *
 * @param {string} engineUrl absolute, ending in a slash
 * @returns {Promise<Thebe>} the exports of thebe.js; rejects if it cannot be loaded
 */
export async function loadRuntime(engineUrl) {
  loadSheet(new URL("thebe.css", engineUrl).href);
  return import(new URL("thebe.js", engineUrl).href);
}

function configure(thebe, options) {
  return thebe.makeConfiguration({ mathjaxUrl: "", ...options });
}

async function connectToServer(server) {
  // If the server does not answer, only `ready` rejects.
  await Promise.all([server.connectToJupyterServer(), server.ready]);
}

/**
 * Start a kernel on a server and run code on it once, as a test.
 *
 * @param {Thebe} thebe
 * @param {any} server Thebe's ThebeServer
 * @param {string} kernelName
 * @param {AbortSignal} signal ends the kernel when it aborts before the test is done
 * @returns {Promise<Started>} rejects if the kernel does not run code, or at the abort
 */
async function openSession(thebe, server, kernelName, signal) {
  // Jupyter gives sessions with the same path the same kernel; a random path gives each
  // tab its own.
  const path = `/tt-${crypto.getRandomValues(new Uint32Array(2)).join("-")}.ipynb`;
  const opening = server.startNewSession(thebe.makeRenderMime(), { kernelName, path });
  const session = new Session(await opening, server);
  const onAbort = () => session.end();
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  const version = await untilAborted(session.probe(), signal);
  signal.removeEventListener("abort", onAbort);
  return { session, version };
}

/**
 * Return a promise that settles as `promise` does, or rejects as soon as the signal
 * aborts.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
function untilAborted(promise, signal) {
  /** @type {Promise<never>} */
  const aborted = new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  return Promise.race([promise, aborted]);
}

/**
 * Return the arguments of `tell` for a progress report of the engine's kernel.js.
 *
 * @param {{stage: string, loaded: number, total: number}} progress `loaded` and `total`
 *   count bytes while `stage` is "download"
 * @returns {[string, number?]} the words and, for a download of known size, the
 *   fraction done
 */
function browserProgress({ stage, loaded, total }) {
  if (stage === "download") {
    if (!total) return ["Fetching Python…"];
    const amount = `${megabytes(loaded)} of ${megabytes(total)} MB`;
    return [`Fetching Python: ${amount}`, loaded / total];
  }
  const words = {
    python: "Starting Python…",
    numpy: "Loading numpy…",
    kernel: "Python is there; making it ready for cells…",
  };
  return [words[stage] ?? "Starting…"];
}
