import { Gunzip } from 'fflate'

/** A node's file of this size is no configuration of registries; in bytes. */
const LARGEST = 16 * 1024 * 1024
/** Deflate expands at most 1,032 times, so a slice never brings more than 8 MB at once. In bytes. */
const SLICE = 8 * 1024

/** Unpacks gzip, up to a size. @throws Error in a clause. */
export function gunzipLimited(packed: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = []
  let size = 0
  const gunzip = new Gunzip((chunk) => {
    size += chunk.length
    if (size > LARGEST) throw new Error(TOO_LARGE)
    chunks.push(chunk)
  })
  try {
    for (let start = 0; start === 0 || start < packed.length; start += SLICE) gunzip.push(packed.subarray(start, start + SLICE), start + SLICE >= packed.length)
  } catch (error) {
    throw new Error((error as Error).message === TOO_LARGE ? TOO_LARGE : 'the gzip cannot be unpacked', { cause: error })
  }
  const whole = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}

const TOO_LARGE = `the gzip unpacks to more than ${LARGEST / 1024 / 1024} MiB`
