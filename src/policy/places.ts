import type { Document, Path, Place } from '../manifests/document.ts'
import { placeOf, type Resource } from '../manifests/resource.ts'
import type { At } from './facts.ts'

/** Numbers the documents and objects that facts point to, for one run. */
export class Places {
  readonly documents: Document[] = []
  readonly objects: Resource[] = []
  readonly #numbers = new Map<unknown, number>()

  /** A part of an object, by its path in there; `key` means the key and not its value. */
  at(object: Resource, part: Path, key = false): At {
    const { document, path } = placeOf(object, part)
    return { doc: this.#number(this.documents, document), path, ...(key ? { key } : {}), object: this.#number(this.objects, object) }
  }

  /** A place that is known by itself; what it holds may be of an object. */
  place({ document, path }: Place, object?: Resource): At {
    return { doc: this.#number(this.documents, document), path, ...(object ? { object: this.#number(this.objects, object) } : {}) }
  }

  /** A document that is no object. */
  document(document: Document): At {
    return { doc: this.#number(this.documents, document), path: [] }
  }

  #number<T>(list: T[], item: T): number {
    const known = this.#numbers.get(item)
    if (known !== undefined) return known
    this.#numbers.set(item, list.length)
    return list.push(item) - 1
  }
}
