# The parsers on input that no kernel should give: make check-fuzz, a second for each target, with the sanitizers. For longer:
# make fuzz TARGET=absent MS=600000, or where there is clang: make libfuzzer TARGET=absent.
FUZZ := src/test/fuzz
FUZZ_TARGETS := $(filter-out kernel driver,$(patsubst $(FUZZ)/%.c,%,$(wildcard $(FUZZ)/*.c)))
FUZZ_ENGINE := absent tasks text table
FUZZ_HEADERS := $(wildcard $(FUZZ)/*.h) $(HEADERS) Makefile src/test/fuzz.mk
SANITIZE := -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FUZZ_CFLAGS := -Wall -Wextra -Werror -I$(SRC) $(SANITIZE)
MS ?= 1000

check-fuzz: $(addprefix fuzz-,$(FUZZ_TARGETS))

fuzz-%: $(OUT)/fuzz/%
	@echo "== $<"; timeout $$(($(MS) / 1000 + 120)) $(RUN) $< $(MS) $<.input $(FUZZ)/corpus/$*

fuzz:
	@$(if $(filter $(FUZZ_TARGETS),$(TARGET)),$(MAKE) --no-print-directory fuzz-$(TARGET),$(error TARGET is one of $(FUZZ_TARGETS)))

$(OUT)/fuzz/engine-%.o: $(SRC)/%.c $(FUZZ_HEADERS)
	@mkdir -p $(dir $@)
	$(Q)$(CC) -std=gnu11 $(FUZZ_CFLAGS) -include $(FUZZ)/hosted.h -c -o $@ $<

# Strictly C11: libc's headers would otherwise have structures that the engine's also have.
$(OUT)/fuzz/%.o: $(FUZZ)/%.c $(FUZZ_HEADERS)
	@mkdir -p $(dir $@)
	$(Q)$(CC) -std=$(if $(filter driver,$*),gnu11,c11) $(FUZZ_CFLAGS) -c -o $@ $<

$(OUT)/fuzz/%: $(OUT)/fuzz/%.o $(OUT)/fuzz/kernel.o $(OUT)/fuzz/driver.o $(FUZZ_ENGINE:%=$(OUT)/fuzz/engine-%.o)
	$(Q)$(CC) $(SANITIZE) -o $@ $^

$(OUT)/fuzz/%-libfuzzer: $(OUT)/fuzz/%.o $(OUT)/fuzz/kernel.o $(FUZZ_ENGINE:%=$(OUT)/fuzz/engine-%.o)
	$(Q)$(CC) $(SANITIZE) -o $@ $^

libfuzzer:
	@$(MAKE) --no-print-directory OUT=$(OUT)/libfuzzer CC=clang SANITIZE='$(SANITIZE) -fsanitize=fuzzer' $(OUT)/libfuzzer/fuzz/$(TARGET)-libfuzzer
	@mkdir -p $(OUT)/libfuzzer/$(TARGET)
	$(Q)cd $(OUT)/libfuzzer && fuzz/$(TARGET)-libfuzzer -max_total_time=$$(($(MS) / 1000)) -timeout=10 $(TARGET) $(CURDIR)/$(FUZZ)/corpus/$(TARGET)

.PHONY: check-fuzz fuzz libfuzzer
