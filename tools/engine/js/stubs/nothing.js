// Replaces modules that are imported, but whose code never runs here.

export default {};
export const DriveFS = undefined;
export const allJSONUrl = { default: '' };
export const pipliteWheelUrl = { default: '' };
