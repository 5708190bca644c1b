// Reads one JSON string a line, a YAML document, and answers with what the API server would get of it: the JSON, or "refused".
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	for in.Scan() {
		var text string
		if err := json.Unmarshal(in.Bytes(), &text); err != nil {
			panic(err)
		}
		out, err := yaml.YAMLToJSON([]byte(text))
		if err != nil {
			out = []byte("refused")
		}
		fmt.Println(string(out))
	}
}
