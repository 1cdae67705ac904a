package dev.psx.agent.apps;

import dev.psx.Posix;
import dev.psx.spi.Program;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** The forms of broadcasts of {@link LongApp}, and how each is judged. Whatever is wrong is an exception. Used by one thread. */
final class Forms {

    /** What a broadcast does. */
    enum Form {
        /** Each task writes to an eventfd. */
        COUNT(35),
        /** Each task changes its effective uid. */
        EUID(25),
        /** Both. */
        BOTH(20),
        /** A program of several calls, some of which only the caller makes. */
        PROGRAM(10),
        /** As EUID, through the public API. */
        API(5),
        /** The caller's call fails: nobody may run anything. */
        FAILING(4),
        /** Each task installs a seccomp filter, of which threads inherit as many as their creators have. */
        FILTER(1);

        private final int weight;

        Form(int weight) {
            this.weight = weight;
        }

        static Form draw(Random random) {
            int ticket = random.nextInt(100);
            for (Form form : values()) {
                ticket -= form.weight;
                if (ticket < 0) {
                    return form;
                }
            }
            throw new IllegalStateException("the weights are not 100");
        }
    }

    private static final int OTHER = 65534;
    private static final int[] GROUPS = {7, 9};
    private static final int[] NO_GROUPS = {};
    private static final int MOST_FILTERS = 100;
    private static final int EBADF = 9;
    private static final int LENGTH = 8; // of what is written to an eventfd
    private static final int BEFORE = 1; // enum psx_mark
    private static final int AFTER = 3;

    private final Map<Form, Figures> figures = new EnumMap<>(Form.class);
    private final Look look = new Look();
    private final RunCounter first = new RunCounter();
    private final RunCounter last = new RunCounter();
    private final RunCounter callers = new RunCounter();

    private String what;
    private long changes;
    private int euid;
    private int egid;
    private int filters;

    Forms() {
        Posix.setgroups();
        checkState("start", null);
    }

    /** From here on the judgements have to find fault. */
    void spoil(Fault fault) {
        fault.spoil(first.fd());
    }

    /** One broadcast, judged. */
    void run(Form drawn) {
        Form form = drawn == Form.FILTER && (euid != 0 || filters == MOST_FILTERS) ? Form.COUNT : drawn;
        what = form + " after " + broadcasts() + " broadcasts";
        look.before();
        switch (form) {
            case COUNT -> count(form);
            case EUID -> change(form, changeUid(new Program()));
            case BOTH -> change(form, changeUid(write(first)));
            case PROGRAM -> program(form);
            case API -> api(form);
            case FAILING -> failing(form);
            case FILTER -> filter(form);
        }
        if (Storm.faults() != 0) {
            throw new IllegalStateException(what + ": " + Storm.faults() + " times a task ran with a uid of before");
        }
    }

    long broadcasts() {
        return figures.values().stream().mapToLong(Figures::broadcasts).sum();
    }

    void print() {
        figures.forEach((form, each) -> each.print(form.toString().toLowerCase(Locale.ROOT)));
    }

    private void count(Form form) {
        Answer answer = send(form, write(first), Answer.DONE);
        first.check(what, answer);
        look.checkTakenPart(what, answer);
    }

    /** A program that changes the effective uid, and perhaps more. */
    private Answer change(Form form, Program program) {
        Storm.begin(++changes);
        Answer answer = send(form, program, Answer.DONE);
        Storm.end(changes);
        euid = OTHER - euid;
        if (form != Form.EUID) {
            first.check(what, answer);
        }
        look.checkTakenPart(what, answer);
        checkState(what, answer);
        return answer;
    }

    private Program changeUid(Program program) {
        return program.add("setresuid", -1, OTHER - euid, -1);
    }

    private void program(Form form) {
        Program program = write(callers);
        write(program, first);
        boolean root = euid == 0;
        if (!root) { // what follows needs root
            changeUid(program);
        }
        program.addGroups(egid == 0 ? GROUPS : NO_GROUPS).add("setresgid", -1, OTHER - egid, -1);
        if (root) {
            changeUid(program);
        }
        write(write(program, last), callers);
        egid = OTHER - egid;
        last.check(what, change(form, program));
        callers.check(what, 2, 0);
    }

    private void api(Form form) {
        Storm.begin(++changes);
        long begun = System.nanoTime();
        Posix.seteuid(OTHER - euid);
        note(form, begun, null);
        Storm.end(changes);
        euid = OTHER - euid;
        checkState(what, null);
    }

    private void failing(Form form) {
        Answer answer = send(form, write(new Program().add("close", -1), first), Answer.CALL_FAILED);
        if (answer.result() != -EBADF) {
            throw new IllegalStateException(what + ": close(-1) gave " + answer.result());
        }
        first.check(what, 0, 0);
        checkState(what, null);
    }

    private void filter(Form form) {
        Answer answer = send(form, new Program().add("seccomp", 1, 0, Fixture.allowAll()), Answer.DONE);
        filters++;
        checkState(what, answer);
    }

    private Answer send(Form form, Program program, int status) {
        long[] encoded = program.encoded();
        if (form == Form.PROGRAM) {
            encoded[LENGTH - 1] |= BEFORE;
            encoded[encoded.length - 1] |= AFTER;
        }
        long begun = System.nanoTime();
        Answer answer = Answer.of(encoded, program.blobs());
        note(form, begun, answer);
        return answer.require(what, status);
    }

    private void note(Form form, long begun, Answer answer) {
        figures.computeIfAbsent(form, any -> new Figures()).add(System.nanoTime() - begun, answer);
    }

    private void checkState(String when, Answer answer) {
        look.checkState(when, new Look.State(euid, egid, egid == 0 ? NO_GROUPS : GROUPS, filters), answer);
    }

    private static Program write(RunCounter counter) {
        return write(new Program(), counter);
    }

    private static Program write(Program program, RunCounter counter) {
        return program.add("write", counter.fd(), Fixture.one(), LENGTH);
    }
}
