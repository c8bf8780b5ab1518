# Two commands matter: `make run` serves the demo county, `make test` runs every test. Both install what they need when run as root.

.DEFAULT_GOAL := run
SHELL := /bin/bash
# The queries are checked against .sqlx, never against the database that DATABASE_URL names for serving.
export SQLX_OFFLINE := true
BINARY := target/debug/minsheng-map

.PHONY: run test build web packages test-packages sqlx generated check release

run: packages build ## Serve on 127.0.0.1:8080 with the demo county when there is no other.
	@$(BINARY) serve --demo-when-empty

build: web
	@echo "== server (the first time some six minutes on two cores) =="
	cargo build --locked --workspace --bins

web: web/dist/index.html

web/node_modules/.package-lock.json: web/package-lock.json
	@echo "== packages of the web front end =="
	cd web && npm ci --no-audit --no-fund
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(shell find web/src web/public web/*.html web/*.ts web/build -type f 2>/dev/null)
	@echo "== web front end =="
	cd web && npm run build
	@touch $@

packages:
	@scripts/install-packages run

test-packages:
	@scripts/install-packages test

test: test-packages web ## Every test: Rust, web units, browser journeys.
	@scripts/run-tests

check: web ## Formatting, lints, types, generated files.
	@scripts/check

sqlx: ## Record the queries again after a change of SQL or schema.
	@scripts/record-queries

generated: ## Make the generated files again.
	@scripts/generate

release: web ## An optimised binary with the web front end inside.
	cargo build --locked --release --package minsheng-map
