/** Running clusters as a source of manifests; a bundle of its own (build/dist.ts), so that who reads files does not wait for it. */
export { Connection } from './connection.ts'
export { readLive } from './read.ts'
