package dev.psx.policy;

/** An element of a list, and where in the value it begins. */
final class Word {

    final String text;
    final int offset;

    Word(String text, int offset) {
        this.text = text;
        this.offset = offset;
    }
}
