# What people do with this repository. `make` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

CONFIGURATION ?= Release
# Every folder with a department's lists is a sample. In order of their names a year comes after the year before it, so that it finds
# last year's books.
BOOKS ?= $(patsubst %/department.yaml,%,$(sort $(wildcard samples/*/department.yaml samples/*/*/department.yaml)))
PUBLISHED ?= $(patsubst %/published.json,%,$(sort $(wildcard samples/*/published.json)))

# The feed and the terminal are left as they are; telemetry and the welcome text are not wanted.
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

FA_DIRECTORY := src/FinalAccounts.Cli/bin/$(CONFIGURATION)/net10.0
FA := dotnet $(FA_DIRECTORY)/fa.dll
BUILT := $(FA_DIRECTORY)/.built
SERVER_DIRECTORY := src/FinalAccounts.Server/bin/$(CONFIGURATION)/net10.0
SERVER := dotnet $(SERVER_DIRECTORY)/FinalAccounts.Server.dll
SERVER_BUILT := $(SERVER_DIRECTORY)/.built
BENCHMARKS := dotnet run --configuration Release --project tests/FinalAccounts.Benchmarks
# Where make serve listens.
ADDRESS ?= http://127.0.0.1:5080
# The department whose clerk and head are among the users of the demonstration: region/department.
DEMO_DEPARTMENT ?= 430900/117005

# A further feed for the Critter Stack's packages: a folder or an address.
FEED ?= $(CritterStackFeed)
export CritterStackFeed := $(FEED)

# Directories are among the sources, so that a file that was deleted is noticed too.
SOURCES := $(shell find src ops/roles.sql Directory.*.props global.json -not -path '*/bin*' -not -path '*/obj*' -not -path '*/node_modules*' -not -path '*/FinalAccounts.CritterStack*' | grep -v ' ')

.PHONY: help demo serve fidelity test critterstack bench format check-format docs password clean distclean setup build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup $(BUILT) $(SERVER_BUILT) ## 安装、编译、导入样例、结账、生成公开文件、与公布的文本核对 / from the samples' books to their documents, in out/, held against the published ones
	@$(FA) demo $(BOOKS)
	@$(FA) fidelity $(PUBLISHED)
	@$(SERVER) demo-users $(DEMO_DEPARTMENT)

serve: setup $(BUILT) $(SERVER_BUILT) ## 启动网页和接口，只对本机开放，Ctrl+C 停止 / pages and API on this machine, until Ctrl+C
	@echo "→ $(ADDRESS)   用户见 make demo 的输出 / users: see make demo, make password"
	@$(SERVER) --urls $(ADDRESS)

password: $(SERVER_BUILT) ## 为用户生成新密码：make password NAME=用户名 / make a new password for a user
	@$(SERVER) reset-password "$(NAME)"

fidelity: $(BUILT) ## 与公布的文本逐项核对 / hold the samples' documents against the published ones
	@$(FA) fidelity $(PUBLISHED)

test: setup ## 全部测试 / all tests, with real PostgreSQL servers that they start themselves
	@rm -rf TestResults
	dotnet test FinalAccounts.sln --configuration $(CONFIGURATION) --logger 'trx;LogFilePrefix=tests' --results-directory TestResults
	@ops/critterstack.sh probe

critterstack: setup ## Marten、Wolverine 上的同一程序，软件包源有其软件包时：make critterstack FEED=文件夹 / the same program on Marten and Wolverine, where a feed has them
	@ops/critterstack.sh test $(CONFIGURATION)

bench: setup ## 性能测试，写入 docs/performance.json：make bench PARTS="log batch" OPTIONS=--long / what the program reaches on this machine
	@marten=$$(ops/critterstack.sh benchmarks); $(BENCHMARKS) -- $(PARTS) --write docs $(OPTIONS) $$marten

format: ## 统一代码格式 / format the code
	dotnet format FinalAccounts.sln

check-format: ## 检查代码格式 / fail when the code is not formatted
	dotnet format FinalAccounts.sln --verify-no-changes

docs: $(BUILT) $(SERVER_BUILT) ## 由代码生成文档 / regenerate the documents that come from the code
	@$(FA) docs docs
	@$(SERVER) docs docs
	@$(BENCHMARKS) -- render docs

clean: ## 删除编译结果和输出 / remove what was built and written; the books stay
	find src tests -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
	rm -rf out artifacts TestResults BenchmarkDotNet.Artifacts

distclean: $(BUILT) ## 同上并停止、删除内置数据库（账簿数据一并删除） / also stop and delete the private database with all books
	@$(FA) server delete --yes
	@$(MAKE) --no-print-directory clean
	rm -rf .data

setup:
	@ops/setup.sh

build: $(BUILT)

$(BUILT): $(SOURCES)
	@echo "正在编译… / Building …"
	@dotnet build src/FinalAccounts.Cli --configuration $(CONFIGURATION) --nologo --verbosity minimal -clp:NoSummary
	@touch $@

$(SERVER_BUILT): $(SOURCES)
	@echo "正在编译服务器… / Building the server …"
	@dotnet build src/FinalAccounts.Server --configuration $(CONFIGURATION) --nologo --verbosity minimal -clp:NoSummary
	@touch $@
