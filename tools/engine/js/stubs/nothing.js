// Replaces modules that some package imports, but whose code never runs on the page.

export default {};
export const DriveFS = undefined;
export const allJSONUrl = { default: '' };
export const pipliteWheelUrl = { default: '' };
