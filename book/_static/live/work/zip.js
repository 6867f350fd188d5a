/**
 * Writes zip archives without compression, and reads them with or without compression.
 */

import { Refusal } from "./refusal.js";

// The signatures and fields of the format are defined in PKWARE's APPNOTE.TXT.
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const UTF8 = 0x0800; // flag: names are UTF-8
const DATE = 0x0021; // 1 January 1980: fixed, so that equal files give equal bytes
const LARGEST = 50e6; // most bytes of one file: a damaged size must not fill the memory

/**
 * @typedef {object} Entry a file's record in the central directory of an archive
 * @property {string} name
 * @property {number} method 0: stored, 8: deflated
 * @property {number} crc CRC-32 of the content
 * @property {number} packed size in the archive, in bytes
 * @property {number} size size of the content, in bytes
 * @property {number} place offset of the file's local header in the archive
 */

/**
 * Return the bytes of an archive.
 *
 * @param {{name: string, text: string}[]} files the files in the order of the archive
 * @returns {Uint8Array<ArrayBuffer>} the same bytes for the same files
 */
export function writeZip(files) {
  const encoder = new TextEncoder();
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, text } of files) {
    const path = encoder.encode(name);
    const data = encoder.encode(text);
    // The fields of both headers: version, flags, method, time, date, CRC, packed size,
    // size, length of the name, length of extra fields.
    const common = [
      [20, 2],
      [UTF8, 2],
      [0, 2],
      [0, 2],
      [DATE, 2],
      [crc32(data), 4],
      [data.length, 4],
      [data.length, 4],
      [path.length, 2],
      [0, 2],
    ];
    const head = fields([[LOCAL, 4], ...common]);
    // Further fields in the central directory: length of the comment, disk, internal
    // and external attributes, offset of the local header.
    const rest = [[0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]];
    directory.push(fields([[CENTRAL, 4], [20, 2], ...common, ...rest]), path);
    parts.push(head, path, data);
    offset += head.length + path.length + data.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const { length } = files;
  const counts = [[0, 2], [0, 2], [length, 2], [length, 2]];
  const end = fields([[END, 4], ...counts, [size, 4], [offset, 4], [0, 2]]);
  return joined([...parts, ...directory, end]);
}

/**
 * Return the texts of those files of an archive whose names pass a test.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes the archive
 * @param {(name: string) => boolean} wanted returns whether to read the file of this
 *   name
 * @returns {Promise<Map<string, string>>} texts by name
 * @throws {Refusal} if the bytes are no archive, or a damaged one
 */
export async function readZip(bytes, wanted) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts = new Map();
  try {
    for (const entry of entries(view, bytes)) {
      if (wanted(entry.name)) texts.set(entry.name, await unpack(entry, view, bytes));
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw damagedZip(); // an offset was outside of the archive, or data did not inflate
  }
  return texts;
}

/**
 * Return the CRC-32 checksum of bytes, as zip archives use it.
 *
 * @param {Uint8Array} data
 * @returns {number}
 */
export function crc32(data) {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return value;
});

/**
 * Return unsigned integers as little-endian bytes, one after another.
 *
 * @param {number[][]} list pairs of a value and its width in bytes, 2 or 4
 */
function fields(list) {
  const bytes = new Uint8Array(list.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, width] of list) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return bytes;
}

/** @param {Uint8Array[]} parts the arrays to concatenate */
function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function damagedZip() {
  return new Refusal("It is a damaged zip file. Take it from where it came once more.");
}

/**
 * Yield the records in the central directory of an archive.
 *
 * @param {DataView} view a view of the archive
 * @param {Uint8Array} bytes the same archive
 * @returns {Generator<Entry>}
 * @throws {Refusal} if the bytes are no archive or the directory is damaged
 * @throws {RangeError} for an offset outside of the archive
 */
function* entries(view, bytes) {
  // The end record has 22 bytes, and only a comment of at most 65 535 bytes follows it.
  let end = view.byteLength - 22;
  const first = Math.max(0, end - 0xffff);
  while (end >= first && view.getUint32(end, true) !== END) end -= 1;
  if (end < first) throw new Refusal("It is not a zip file, or is cut off.");
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    if (view.getUint32(at, true) !== CENTRAL) throw damagedZip();
    const length = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length));
    yield {
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      place: view.getUint32(at + 42, true),
    };
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}

/**
 * Return the text of a file in an archive.
 *
 * @param {Entry} entry the file's record
 * @param {DataView} view a view of the archive
 * @param {Uint8Array<ArrayBuffer>} bytes the same archive
 * @returns {Promise<string>}
 * @throws {Refusal} for a damaged file, or one larger than LARGEST
 * @throws {Error} for an offset outside of the archive, or data that do not inflate
 */
async function unpack({ method, crc, packed, size, place }, view, bytes) {
  if (view.getUint32(place, true) !== LOCAL || size > LARGEST) throw damagedZip();
  // The local header may have other extra fields than the central directory.
  const lengths = view.getUint16(place + 26, true) + view.getUint16(place + 28, true);
  const start = place + 30 + lengths;
  let data = bytes.subarray(start, start + packed);
  if (method === 8) data = await inflate(data);
  else if (method !== 0) throw damagedZip();
  if (data.length !== size || crc32(data) !== crc) throw damagedZip();
  return new TextDecoder().decode(data);
}

/**
 * Return the content of deflated data.
 *
 * @param {Uint8Array<ArrayBuffer>} data
 * @throws {Refusal} for a content larger than LARGEST
 * @throws {Error} for data that do not inflate
 */
async function inflate(data) {
  const stream = new Blob([data])
    .stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  const parts = [];
  let length = 0;
  for await (const part of iterate(stream)) {
    length += part.length;
    if (length > LARGEST) throw damagedZip();
    parts.push(part);
  }
  return joined(parts);
}

/**
 * Yield the chunks of a stream, which itself cannot be iterated in Safari.
 *
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<Uint8Array>}
 */
async function* iterate(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
