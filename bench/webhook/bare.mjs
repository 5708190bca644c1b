// What Node itself takes: reads a body over TLS and answers bytes of the same length. node bare.mjs CERT KEY ANSWER
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'

const [cert, key, answer] = process.argv.slice(2)
const body = Buffer.from(answer)
const server = createServer({ cert: readFileSync(cert), key: readFileSync(key), keepAliveTimeout: 120_000 }, (request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    Buffer.concat(chunks).toString('utf8')
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
    response.end(body)
  })
})
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ msg: 'listening', port: server.address().port })))
