# Stadsronde: two commands, `make demo` and `make test`; the rest is for whoever works on it.
PYTHON := .venv/bin/python

.PHONY: help demo test lint lock train-env clean

help:
	@echo "make demo       photos to route sheets in central Helsinki, then the pages on localhost"
	@echo "                make demo ARGS=\"--no-serve --out DIR --language nl\""
	@echo "make test       install what the tests need and run all of them"
	@echo "make lint       ruff, mypy and the import contracts"
	@echo "make lock       pin the newest versions that pyproject.toml allows"
	@echo "make train-env  the training environment, .venv-train (6 GB)"

demo: .venv/installed
	@.venv/bin/stadsronde demo $(ARGS)

# The same examples each time: a gate must not depend on luck. Plain pytest draws new ones.
test: .venv/installed-test lint
	@$(PYTHON) -m pytest --hypothesis-profile=ci $(ARGS)

lint: .venv/installed-test
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

.venv/installed: requirements.lock pyproject.toml scripts/environment
	@scripts/environment .venv requirements.lock
	@touch $@

.venv/installed-test: requirements-test.lock pyproject.toml scripts/environment
	@scripts/environment .venv requirements-test.lock
	@touch $@ .venv/installed

.venv-train/installed: pyproject.toml
	@scripts/environment .venv-train requirements.lock
	@.venv-train/bin/python -m pip install --quiet --editable '.[train]'
	@.venv-train/bin/python -m pip uninstall --quiet --yes opencv-python opencv-python-headless
	@.venv-train/bin/python -m pip install --quiet --no-deps $$(grep opencv requirements.lock)
	@touch $@

train-env: .venv-train/installed

# Addresses of indexes stay out of the lock: everyone installs from where they usually do.
COMPILE = uv pip compile --quiet --upgrade --python-version 3.12 --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links
lock:
	$(COMPILE) pyproject.toml --extra demo -o requirements.lock
	$(COMPILE) pyproject.toml --extra demo --extra test -c requirements.lock -o requirements-test.lock

clean:
	rm -rf .venv out reports build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
