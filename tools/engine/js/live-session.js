// Thebe's session, disposed of a little later: all listeners hear of a kernel's death.

import ThebeSession from 'thebe-core/dist/esm/session.js';

export default class LiveSession extends ThebeSession {
  dispose() {
    // Thebe disposes of the connection from within the signal that says "dead",
    // and with it of the listeners that have not been called yet.
    queueMicrotask(() => super.dispose());
  }
}
