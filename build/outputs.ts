/** Generated files: path from the project's root → content. */
export type Outputs = Record<string, string | Uint8Array>
