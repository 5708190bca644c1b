import { own, type Resource, text } from './resource.ts'

/** When an object was last changed, as RFC 3339, its status aside; undefined where nothing says so. */
export function changedAt({ document, value }: Resource): string | undefined {
  const metadata = own(value, 'metadata')
  return document.file.changed ?? lastChange(own(metadata, 'managedFields')) ?? (text(own(metadata, 'creationTimestamp')) || undefined)
}

/** The last of the times in `metadata.managedFields`, but for those at which the status was written. */
export function lastChange(managedFields: unknown): string | undefined {
  const all: unknown[] = Array.isArray(managedFields) ? managedFields : []
  return all.filter((one) => own(one, 'subresource') === undefined).map((one) => text(own(one, 'time'))).filter((time) => time !== '').sort().at(-1)
}
