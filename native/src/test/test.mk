# The tests of the engine, each a program of its own: make check. The others below run the same tests, built or run in another way:
# TEST is the directory of what was built, TEST_CC and TEST_FLAGS say how, and RUN is what it runs under.
TEST ?= test
TEST_CC ?= $(CC)
TEST_HEADERS := $(wildcard src/test/c/*.h src/test/c/*/*.h) $(SRC)/include/psx.h
TEST_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -I$(SRC)/include
WITH_ENGINE := -Wl,-rpath,'$$ORIGIN/../lib/$(ARCH)'
BUILT := $(OUT)/$(TEST)
TESTS := $(patsubst src/test/c/%.c,$(BUILT)/%,$(wildcard src/test/c/*_test.c))

# The fault suite: one executable for each peer, from the same scenarios. Only the engine's is part of check.
FAULTS := src/test/c/faults
FAULT_OBJECTS := $(patsubst src/test/c/%.c,$(BUILT)/%.o,$(filter-out $(FAULTS)/peer_%.c,$(wildcard $(FAULTS)/*.c)))

check: check-fuzz check-programs

check-programs: check-tests check-faults

check-tests: $(TESTS)
	@for test in $^; do echo "== $$test"; timeout 300 $(RUN) $$test || exit 1; done

check-faults: $(BUILT)/faults-engine
	@echo "== $<"; timeout 1200 $(RUN) $<

$(BUILT)/%_test: src/test/c/%_test.c $(TEST_HEADERS) $(LIB)
	@mkdir -p $(dir $@)
	$(Q)$(TEST_CC) $(TEST_CFLAGS) $(TEST_FLAGS) -o $@ $< $(LIB) $(WITH_ENGINE) -lpthread

$(BUILT)/faults/%.o: $(FAULTS)/%.c $(TEST_HEADERS)
	@mkdir -p $(dir $@)
	$(Q)$(TEST_CC) $(TEST_CFLAGS) $(TEST_FLAGS) -c -o $@ $<

$(BUILT)/faults-engine: FAULT_LIBS := $(WITH_ENGINE)
$(BUILT)/faults-engine: $(LIB)
$(BUILT)/faults-libpsx: FAULT_LIBS := -Wl,-wrap,pthread_create -lpsx # before 2.72 it learns of threads by wrapping

$(BUILT)/faults-%: $(BUILT)/faults/peer_%.o $(FAULT_OBJECTS)
	$(Q)$(TEST_CC) $(TEST_FLAGS) -o $@ $^ $(FAULT_LIBS) -lpthread

# The very library that is packed, under musl. Linux's own headers are the distribution's, behind musl's.
check-musl: $(LIB)
	@$(MAKE) --no-print-directory check-programs TEST=test-musl TEST_CC=musl-gcc \
	    TEST_FLAGS='-idirafter /usr/include -idirafter /usr/include/$(shell $(CC) -print-multiarch)'

# The whole engine, the handler included, with a trap at each undefined behaviour: that needs no sanitizer's library.
check-sanitized:
	@$(MAKE) --no-print-directory check-tests OUT=$(OUT)/sanitized EXTRA='-fsanitize=undefined -fsanitize-undefined-trap-on-error'

check-clang:
	@$(MAKE) --no-print-directory check-tests OUT=$(OUT)/clang CC=clang TEST_FLAGS=-Wno-gnu-variable-sized-type-not-at-end

# aarch64 on another machine. Quick, by qemu-user, what that can emulate; and all of it in an emulated machine with a kernel of its own.
AARCH64 := TEST=test-aarch64 CC=$(CROSS_CC)
QEMU_USER ?= $(firstword $(foreach name,qemu-aarch64 qemu-aarch64-static,$(shell command -v $(name))))
UNDER_QEMU = $(QEMU_USER) -L /usr/aarch64-linux-gnu

check-aarch64:
	@$(MAKE) --no-print-directory check-emulated $(AARCH64) RUN='$(UNDER_QEMU)'
	@$(MAKE) --no-print-directory check-fuzz CC=$(CROSS_CC) OUT=$(OUT)/aarch64 SANITIZE=-O1 MS=200 RUN='$(UNDER_QEMU)'

check-emulated: $(BUILT)/emulated
	@echo "== $<"; timeout 300 $(RUN) $<

$(BUILT)/emulated: src/test/c/emulated.c $(TEST_HEADERS) $(LIB)
	@mkdir -p $(dir $@)
	$(Q)$(TEST_CC) $(TEST_CFLAGS) $(TEST_FLAGS) -o $@ $< $(LIB) $(WITH_ENGINE) -lpthread

check-aarch64-vm:
	@$(MAKE) --no-print-directory check-vm $(AARCH64)

check-vm: $(TESTS) $(BUILT)/faults-engine
	$(Q)CC=$(CC) src/test/vm/run.sh $(OUT)/vm $(LIB) $^

.SECONDARY:

.PHONY: check check-programs check-tests check-faults check-musl check-sanitized check-clang check-aarch64 check-emulated check-aarch64-vm check-vm
