import { isApiError } from '../live/apierror.ts'
import type { Connection } from '../live/connection.ts'
import { LIVE } from '../manifests/place.ts'
import { bare } from '../policy/match.ts'
import type { Finding } from '../policy/finding.ts'
import type { Log } from './log.ts'
import { notMoved } from './moved.ts'
import { isError } from './verdict.ts'

/** Compares what is wrong with the cluster with what was wrong before: two changes may be right each by itself and wrong together. */
export class Audit {
  #known: readonly Finding[] | undefined
  readonly #log: Log
  readonly #tell: (finding: Finding) => void

  /** `tell` is told of each error that the cluster did not have before. */
  constructor(log: Log, tell: (finding: Finding) => void) {
    this.#log = log
    this.#tell = tell
  }

  /** `state` is the resource version that the findings are of. */
  heard(findings: readonly Finding[], state: string): void {
    const [before, now] = [this.#known ?? [], findings].map((all) => new Set(all.map(key))) as [Set<string>, Set<string>]
    const gone = (this.#known ?? []).filter((one) => !now.has(key(one)))
    const added = notMoved(findings.filter((one) => !before.has(key(one))), gone)
    for (const finding of added.filter(isError)) {
      const { rule, message, object, fix } = finding
      this.#log(this.#known ? 'error' : 'warning', this.#known ? 'the cluster has a new error' : 'the cluster has an error already', { rule, message, object: object && `${object.kind}/${object.name}`, fix, state })
      if (this.#known) this.#tell(finding)
    }
    this.#known = findings
  }
}

function key(finding: Finding): string {
  return `${finding.level} ${bare(finding)}`
}

/** Writes Events about objects of the whole cluster, into the namespace that those are written into. */
export function events(connection: Pick<Connection, 'send'>, uidOf: (place: string) => string | undefined, log: Log): (finding: Finding) => void {
  return ({ rule, message, object, fingerprint, site }) => {
    if (!object || object.namespace !== undefined) return
    const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
    const { apiVersion, kind, name } = object
    const uid = uidOf(`${LIVE}/${site.file}`)
    const called = `mirrorproof.${fingerprint}`
    const event = {
      apiVersion: 'v1', kind: 'Event', metadata: { name: called, namespace: 'default' }, type: 'Warning', reason: camel(rule), message: message.slice(0, 1024),
      involvedObject: { apiVersion, kind, name, ...(uid === undefined ? {} : { uid }) }, source: { component: 'mirrorproof' }, reportingComponent: 'mirrorproof', firstTimestamp: now, lastTimestamp: now, count: 1,
    }
    const written = async () => {
      try {
        await connection.send('POST', '/api/v1/namespaces/default/events', event)
      } catch (error) {
        // Another replica was faster, or it was so before, less than an hour ago.
        if (!isApiError(error) || error.status !== 409) throw error
        await connection.send('PATCH', `/api/v1/namespaces/default/events/${called}`, { message: event.message, lastTimestamp: now })
      }
    }
    written().catch((error: unknown) => log('warning', `an Event could not be written: ${(error as Error).message}`, { rule }))
  }
}

function camel(rule: string): string {
  return rule.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
}
