import { mkdirSync } from 'node:fs'

export function writeCases(folder: string, _runs: number, _seed: number): void {
  mkdirSync(folder, { recursive: true })
}
