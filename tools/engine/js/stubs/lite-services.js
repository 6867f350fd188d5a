// The part of @jupyterlite/services that pyodide-kernel's page side uses.

export { BaseKernel } from '@jupyterlite/services/lib/kernel/base.js';
export const DriveContentsProcessor = undefined;
