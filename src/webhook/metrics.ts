import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Finding } from '../policy/finding.ts'
import type { State } from './state.ts'

/** What Prometheus is told. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #reviews = this.#own(new Counter({ name: 'mirrorproof_reviews_total', help: 'Admission reviews by what became of them: allowed, warned, denied, passed (nothing that is judged) or unjudged.', labelNames: ['kind', 'operation', 'outcome'] as const, registers: [] }))
  readonly #found = this.#own(new Counter({ name: 'mirrorproof_review_findings_total', help: 'Findings that requests would have added, by what became of the request.', labelNames: ['rule', 'level', 'outcome'] as const, registers: [] }))
  readonly #duration = this.#own(new Histogram({ name: 'mirrorproof_review_duration_seconds', help: 'Time from the whole body of a review to its answer.', buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10], registers: [] }))
  readonly #findings = this.#own(new Gauge({ name: 'mirrorproof_findings', help: 'What is wrong with the cluster now.', labelNames: ['rule', 'level'] as const, registers: [] }))
  readonly #expiry = this.#own(new Gauge({ name: 'mirrorproof_certificate_expiry_timestamp_seconds', help: 'When the certificate of the service expires.', registers: [] }))
  readonly #replaced = this.#own(new Counter({ name: 'mirrorproof_judge_restarts_total', help: 'Times that the judging thread had to be replaced, for it took too long or failed.', registers: [] }))

  constructor(state: State) {
    this.#own(new Gauge({ name: 'mirrorproof_state_age_seconds', help: 'How long ago what the service knows of the cluster was surely so.', registers: [], collect() { this.set(state.age) } }))
    this.#own(new Gauge({ name: 'mirrorproof_state_complete', help: '1 once the service knows all that it watches.', registers: [], collect() { this.set(state.complete ? 1 : 0) } }))
    this.#own(new Gauge({ name: 'process_resident_memory_bytes', help: 'Resident memory size in bytes.', registers: [], collect() { this.set(process.memoryUsage.rss()) } }))
  }

  reviewed(of: { kind: string; operation: string; outcome: string }, findings: readonly Finding[], seconds: number): void {
    this.#reviews.inc(of)
    this.#duration.observe(seconds)
    for (const { rule, level } of findings) this.#found.inc({ rule, level, outcome: of.outcome })
  }

  audited(findings: readonly Finding[]): void {
    this.#findings.reset()
    for (const { rule, level } of findings) this.#findings.inc({ rule, level })
  }

  certified(expires: Date): void {
    this.#expiry.set(expires.getTime() / 1000)
  }

  replaced(): void {
    this.#replaced.inc()
  }

  /** In the text format of Prometheus, and its content type. */
  async text(): Promise<[text: string, type: string]> {
    return [await this.#registry.metrics(), this.#registry.contentType]
  }

  #own<M extends Counter | Gauge | Histogram>(metric: M): M {
    this.#registry.registerMetric(metric)
    return metric
  }
}
