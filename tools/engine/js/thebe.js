// Re-exports the parts of thebe-core that the page uses: server, session, cells and
// outputs, without widgets.

export { default as ThebeServer } from 'thebe-core/dist/esm/server.js';
export { default as ThebeSession } from './live-session.js';
export { default as PassiveCellRenderer } from 'thebe-core/dist/esm/passive.js';
export { makeConfiguration } from 'thebe-core/dist/esm/options.js';
export { LiveCodeCell as ThebeCodeCell } from './live-cell.js';
export { makeRenderMime } from './rendermime.js';
