//go:build tools

// Package tools pins actionlint, which a test runs over .github/workflows.
package tools

import _ "github.com/rhysd/actionlint/cmd/actionlint"
