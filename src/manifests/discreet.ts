/** A text without the user and password that stand before a host, in a URL or without one; a digest is neither. */
export function discreet(message: string): string {
  return message.replace(/(\/\/)[^\s/@`]+@/g, '$1…@').replace(/[^\s/@`"']+:[^\s/@`"']+@(?=[\w.-])(?!sha\d+:)/g, '…@')
}
