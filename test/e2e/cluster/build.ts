import { BINARIES, build } from './binaries.ts'

/** `tsx test/e2e/cluster/build.ts` builds what the end-to-end tests of the webhook run against. */
build()
console.log(BINARIES)
