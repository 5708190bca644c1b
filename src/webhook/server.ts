import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { Certificate } from './certificate.ts'
import { type Answer, answered, Malformed, readReview, type Review } from './review.ts'

/** An object and its predecessor, of at most 3 MiB each, and what is around them. */
const LARGEST = 7 * 1024 * 1024
/** In milliseconds. The API server keeps connections for 90 s: it must be the one that closes them, or a review meets a closed one. */
const KEPT = 120_000
const HEADERS = 10_000
const WHOLE = 15_000
/** What the API server waits for an answer where it does not say. */
const PATIENCE = 10_000
/** What is left for the way back. */
const MARGIN = 500

/** What the server asks the rest of the service. */
export interface Service {
  review(review: Review, limit: number): Promise<Answer>
  ready(): string | undefined
  draining(): boolean
  metrics(): Promise<[text: string, type: string]>
  failed(error: unknown): void
}

/** The HTTPS server; reviews are taken from clients with a certificate only where the pair names an authority of theirs. */
export function server({ context }: Certificate, service: Service): Server {
  const authorised = context.ca !== undefined
  const listener: RequestListener = (request, response) => {
    if (service.draining()) response.setHeader('connection', 'close')
    respond(request, response, service, authorised).catch((error: unknown) => {
      if (error instanceof Malformed) return send(response, error.status, `${error.message}\n`)
      if (response.destroyed || response.headersSent) return undefined
      service.failed(error)
      return send(response, 500, `mirrorproof could not judge this: ${error instanceof Error && error.name !== 'Error' ? 'a defect; its log tells more' : (error as Error).message}\n`)
    })
  }
  const made = createServer({
    ...context, keepAliveTimeout: KEPT, headersTimeout: HEADERS, requestTimeout: WHOLE, connectionsCheckingInterval: 2_000, handshakeTimeout: HEADERS,
    ...(authorised ? { requestCert: true, rejectUnauthorized: false } : {}),
  }, listener)
  return made
}

async function respond(request: IncomingMessage, response: ServerResponse, service: Service, authorised: boolean): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://localhost')
  switch (url.pathname) {
    case '/validate': return validate(request, response, url, service, authorised)
    case '/healthz': return asked(request, response, () => send(response, 200, 'ok\n'))
    case '/readyz': return asked(request, response, () => {
      const why = service.ready()
      send(response, why === undefined ? 200 : 503, `${why ?? 'ok'}\n`)
    })
    case '/metrics': return asked(request, response, async () => {
      const [text, type] = await service.metrics()
      send(response, 200, text, type)
    })
    default: throw new Malformed(404, 'there is nothing here but /validate, /healthz, /readyz and /metrics')
  }
}

async function asked(request: IncomingMessage, response: ServerResponse, answer: () => void | Promise<void>): Promise<void> {
  if (request.method === 'GET' || request.method === 'HEAD') return answer()
  response.setHeader('allow', 'GET, HEAD')
  throw new Malformed(405, 'this is only read')
}

async function validate(request: IncomingMessage, response: ServerResponse, url: URL, service: Service, authorised: boolean): Promise<void> {
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST')
    throw new Malformed(405, 'reviews are posted')
  }
  if (authorised && !(request.socket as TLSSocket).authorized) throw new Malformed(401, 'reviews are taken from clients with a certificate of the right authority only')
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) throw new Malformed(415, 'reviews are application/json')
  const review = readReview(await bodyOf(request, response))
  const answer = await service.review(review, limitOf(url))
  send(response, 200, answered(review.uid, answer), 'application/json')
}

/** The API server says how long it waits, as `10s`. */
function limitOf(url: URL): number {
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(url.searchParams.get('timeout') ?? '') ?? []
  return Math.max((seconds === undefined ? PATIENCE : Number(seconds) * 1000) - MARGIN, MARGIN)
}

function bodyOf(request: IncomingMessage, response: ServerResponse): Promise<string> {
  return new Promise((done, failed) => {
    const chunks: Buffer[] = []
    let size = 0
    const tooLarge = () => {
      response.setHeader('connection', 'close')
      request.pause()
      failed(new Malformed(413, `a review is larger than ${LARGEST / 1024 / 1024} MiB`))
    }
    if (Number(request.headers['content-length']) > LARGEST) return tooLarge()
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > LARGEST) return tooLarge()
      chunks.push(chunk)
    })
    request.on('end', () => done(Buffer.concat(chunks).toString('utf8')))
    request.on('error', () => failed(new Malformed(400, 'the body was cut')))
    return undefined
  })
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
