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

check: check-programs

check-programs: $(TESTS) $(BUILT)/faults-engine
	@for test in $(TESTS); do echo "== $$test"; timeout 300 $(RUN) $$test || exit 1; done
	@echo "== $(BUILT)/faults-engine"; timeout 1200 $(RUN) $(BUILT)/faults-engine

$(BUILT)/%_test: src/test/c/%_test.c $(TEST_HEADERS) $(LIB)
	@mkdir -p $(dir $@)
	$(TEST_CC) $(TEST_CFLAGS) $(TEST_FLAGS) -o $@ $< $(LIB) $(WITH_ENGINE) -lpthread

$(BUILT)/faults/%.o: $(FAULTS)/%.c $(TEST_HEADERS)
	@mkdir -p $(dir $@)
	$(TEST_CC) $(TEST_CFLAGS) $(TEST_FLAGS) -c -o $@ $<

$(BUILT)/faults-engine: FAULT_LIBS := $(WITH_ENGINE)
$(BUILT)/faults-engine: $(LIB)
$(BUILT)/faults-libpsx: FAULT_LIBS := -Wl,-wrap,pthread_create -lpsx # before 2.72 it learns of threads by wrapping

$(BUILT)/faults-%: $(BUILT)/faults/peer_%.o $(FAULT_OBJECTS)
	$(TEST_CC) $(TEST_FLAGS) -o $@ $^ $(FAULT_LIBS) -lpthread

# The very library that is packed, under musl. Linux's own headers are the distribution's, behind musl's.
check-musl: $(LIB)
	@$(MAKE) --no-print-directory check-programs TEST=test-musl TEST_CC=musl-gcc \
	    TEST_FLAGS='-idirafter /usr/include -idirafter /usr/include/$(shell $(CC) -print-multiarch)'

.SECONDARY:

.PHONY: check check-programs check-musl
