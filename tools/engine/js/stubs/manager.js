// Replaces thebe-core's widget manager: this book has no widgets.

export const WIDGET_MIMETYPE = 'application/vnd.jupyter.widget-view+json';
export class ThebeManager {}
