// Stands for the YAML parser of @open-policy-agent/opa-wasm, which only the built-ins `yaml.*` need; the compiler refuses those (build/policy.ts).
export {}
