package dev.psx.process;

/** Checks of numbers that users give. */
final class Numbers {

    private Numbers() {}

    static int descriptor(int descriptor) {
        if (descriptor < 0) {
            throw new IllegalArgumentException("there is no descriptor " + descriptor);
        }
        return descriptor;
    }

    static int in(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("the " + what + " " + value + " is not from " + least + " to " + most);
        }
        return value;
    }
}
