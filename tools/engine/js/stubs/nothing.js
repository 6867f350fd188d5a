// In place of modules whose code paths are never taken here.

export default {};
export const DriveFS = undefined;
export const allJSONUrl = { default: '' };
export const pipliteWheelUrl = { default: '' };
