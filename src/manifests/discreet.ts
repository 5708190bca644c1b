/** A text without the user and password that stand before a host, in a URL or without one; a digest is neither. */
export function discreet(message: string): string {
  return message.replace(/(\/\/)[^\s/@`]+@/g, '$1…@').replace(/[^\s/@`"']+:[^\s/@`"']+@(?=[\w.-])(?!sha\d+:)/g, '…@')
}

const DELICATE = /secret|passw|token|credential|auth|private.?key|\/\/[^/\s@]+@|[^\s/@:]+:[^\s/@]+@(?!sha\d+:)/i

/** Whether a line that nobody asked for, as one that stands beside another, may hold what is not to be shown. */
export function isDelicate(line: string): boolean {
  return DELICATE.test(line)
}
