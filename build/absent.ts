// Stands for what is never reached: the YAML parser of @open-policy-agent/opa-wasm, which only the built-ins `yaml.*` need (the compiler refuses
// those, build/policy.ts), and the tables of old encodings that node-fetch, which only comes with the Kubernetes client, reads other texts by.
export {}
