// Thebe's session with a delayed dispose(), so that all listeners hear of a dead kernel.

import ThebeSession from 'thebe-core/dist/esm/session.js';

export default class LiveSession extends ThebeSession {
  dispose() {
    // Thebe calls dispose() in a listener of the signal that says "dead". Done at once,
    // it would remove the listeners that the signal has not called yet.
    queueMicrotask(() => super.dispose());
  }
}
