import { request, type RequestOptions } from 'node:https'
import { request as plain } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import { UserError } from '../error.ts'
import { isObject, own, text } from '../manifests/resource.ts'
import { ApiError } from './apierror.ts'
import { type ApiObject, isApiObject } from './object.ts'

/** All objects of a kind, and the version of the list, from which a watch goes on. */
export interface Listing {
  items: ApiObject[]
  resourceVersion: string
}

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  object: ApiObject
}

/** How long the API server may take to begin an answer, in milliseconds. */
const PATIENCE = 20_000
/** Objects of one answer to a list; the API server hands on where the rest begins. */
const PAGE = 500

/** What is kept of a list, and how many objects are asked for at a time where they are large. */
export interface Portion {
  keep?: (object: ApiObject) => boolean
  page?: number
}
/** The API server sends a bookmark about every minute, in milliseconds: a watch that is silent for longer is dead. */
const SILENCE = 150_000
/** A watch that the API server ends after so many seconds, so that one that went wrong does not last. */
const LONGEST_WATCH = 300

const JSON_ONLY = 'application/json'
/** What an API server takes for a wish for metadata alone; one that cannot fulfil it sends all. */
const NAMES_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json'

/** An API server, asked as the user of a kubeconfig. */
export class Connection {
  /** The context of the kubeconfig. */
  readonly name: string
  /** The URL of the API server, without a slash at its end. */
  readonly server: string
  readonly #config: KubeConfig

  /** @throws UserError where there is no kubeconfig, or it cannot be used. */
  constructor({ kubeconfig, context }: { kubeconfig?: string | undefined; context?: string | undefined } = {}) {
    this.#config = configOf(kubeconfig, context)
    this.name = this.#config.getCurrentContext()
    const cluster = this.#config.getCurrentCluster()
    if (!cluster || !/^https?:\/\//.test(cluster.server)) throw new UserError(context === undefined ? 'the kubeconfig has no current context with a server; pick one by --context' : `the kubeconfig has no context ${context} with a server`)
    this.server = cluster.server.replace(/\/+$/, '')
  }

  /** What the API server answers to a GET. @throws ApiError */
  async get(path: string, accept = JSON_ONLY): Promise<unknown> {
    return body(await this.#ask('GET', path, { accept }))
  }

  /** Sends JSON. @throws ApiError */
  async send(method: 'POST' | 'PATCH', path: string, value: unknown): Promise<unknown> {
    return body(await this.#ask(method, path, { content: JSON.stringify(value) }))
  }

  /** All objects of a kind by its path, such as `/apis/config.openshift.io/v1/images`; of `names`, nothing but the metadata. @throws ApiError */
  async list(path: string, query: Record<string, string> = {}, what: 'objects' | 'names' = 'objects', { keep = () => true, page: most = PAGE }: Portion = {}): Promise<Listing> {
    const accept = what === 'names' ? NAMES_ONLY : JSON_ONLY
    const ask = (paging: Record<string, string>) => this.get(`${path}?${new URLSearchParams({ ...query, ...paging })}`, accept)
    const items: ApiObject[] = []
    for (let next = ''; ;) {
      const page = await ask({ limit: String(most), ...(next ? { continue: next } : {}) }).catch((error: unknown) => {
        if (next === '' || !(error instanceof ApiError && error.status === 410)) throw error
        items.length = 0 // the rest is of a state that the API server has forgotten since
        return ask({})
      })
      const [kind, apiVersion] = [text(own(page, 'kind')).replace(/List$/, ''), text(own(page, 'apiVersion'))]
      const listed = own(page, 'items') === null ? [] : own(page, 'items') // so it is where nothing but metadata is asked for, of nothing
      if (!Array.isArray(listed)) throw new ApiError(0, `the answer to ${path} is no list`)
      // Items of a list of a built-in kind do not repeat what they are.
      items.push(...listed.map((item: unknown): unknown => (isObject(item) ? { apiVersion, kind, ...item } : item)).filter(isApiObject).filter(keep))
      next = text(own(own(page, 'metadata'), 'continue'))
      if (next === '') return { items, resourceVersion: text(own(own(page, 'metadata'), 'resourceVersion')) }
    }
  }

  /**
   * Follows a kind from a list's version on; `opened` is called once the API server agrees, `heard` for each event. Ends when the API server ends it, which is no error.
   * @throws ApiError where it is cut, or with status 410 where the version is too old.
   */
  async watch(path: string, from: string, heard: (event: WatchEvent) => void, signal: AbortSignal, query: Record<string, string> = {}, opened: () => void = () => undefined): Promise<void> {
    const asked = new URLSearchParams({ ...query, watch: 'true', allowWatchBookmarks: 'true', resourceVersion: from, timeoutSeconds: String(LONGEST_WATCH) })
    const response = await this.#ask('GET', `${path}?${asked}`, { signal })
    opened()
    const timer = setTimeout(() => response.destroy(new Error('the watch fell silent')), SILENCE)
    try {
      for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
        timer.refresh()
        if (line !== '') heard(eventOf(line))
      }
      // A stream that is cut ends its lines without an error.
      if (!response.complete) throw new ApiError(0, response.errored?.message ?? 'the watch was cut')
    } catch (error) {
      throw error instanceof ApiError ? error : new ApiError(0, (error as Error).message)
    } finally {
      clearTimeout(timer)
      response.destroy()
    }
  }

  async #ask(method: string, path: string, { accept = JSON_ONLY, signal, content }: { accept?: string; signal?: AbortSignal; content?: string }): Promise<IncomingMessage> {
    const url = new URL(this.server + path)
    const options: RequestOptions = { method, headers: { accept, ...(content === undefined ? {} : { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }) } }
    try {
      await this.#config.applyToHTTPSOptions(options)
    } catch (error) {
      throw new ApiError(0, `the credentials of the kubeconfig cannot be used (${oneLine((error as Error).message)})`)
    }
    const response = await new Promise<IncomingMessage>((answered, failed) => {
      const asked = (url.protocol === 'http:' ? plain : request)(url, { ...options, ...(signal ? { signal } : {}) }, (message) => {
        clearTimeout(timer)
        answered(message)
      })
      const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE)
      asked.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer)
        failed(new ApiError(0, `${url.host} cannot be reached (${error.code ?? error.message})`))
      })
      asked.end(content)
    })
    if (response.statusCode! < 300) return response
    const said = await body(response).catch(() => undefined)
    throw new ApiError(response.statusCode!, oneLine(text(own(said, 'message'))) || `HTTP status ${response.statusCode}`)
  }
}

function configOf(kubeconfig: string | undefined, context: string | undefined): KubeConfig {
  const config = new KubeConfig()
  try {
    if (kubeconfig === undefined) config.loadFromDefault()
    else config.loadFromFile(kubeconfig)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UserError(`the kubeconfig${kubeconfig === undefined ? '' : ` ${kubeconfig}`} cannot be read (${code ?? 'it is none'})`)
  }
  if (config.getCurrentContext() === 'loaded-context') throw new UserError('there is no kubeconfig: not by --kubeconfig, not by KUBECONFIG, not as ~/.kube/config, and this is no pod of a cluster')
  if (context !== undefined) config.setCurrentContext(context)
  return config
}

async function body(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer)
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  } catch (error) {
    throw new ApiError(0, error instanceof SyntaxError ? 'the answer is no JSON' : `the answer was cut (${(error as NodeJS.ErrnoException).code})`)
  }
}

/** @throws ApiError for what is no event, or an error that the API server reports. */
function eventOf(line: string): WatchEvent {
  let event: unknown
  try {
    event = JSON.parse(line)
  } catch {
    throw new ApiError(0, 'an event of the watch is no JSON')
  }
  const object = own(event, 'object')
  if (own(event, 'type') === 'ERROR') throw new ApiError(Number(own(object, 'code')) || 0, oneLine(text(own(object, 'message'))))
  if (!isObject(object)) throw new ApiError(0, 'an event of the watch holds no object')
  return event as WatchEvent
}

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').slice(0, 300)
}
