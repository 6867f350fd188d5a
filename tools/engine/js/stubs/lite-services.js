// Replaces @jupyterlite/services by the exports that pyodide-kernel uses in the page.

export { BaseKernel } from '@jupyterlite/services/lib/kernel/base.js';
export const DriveContentsProcessor = undefined;
