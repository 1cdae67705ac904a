package dev.psx.agent.bootstrap;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.AllPermission;
import java.security.CodeSource;
import java.security.Permissions;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Enumeration;

/**
 * Loads what lies under {@code inst/} in {@code psx-agent.jar}: the agent's own parts and the libraries they use, which no
 * class of the application can see.
 *
 * <p>What the jar holds comes from the jar, even if the parent has it too; all else comes from the parent. The jar stays open
 * for the life of the process: once privileges are dropped the file may be out of reach.
 */
public final class IsolatedLoader extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    private final IsolatedContent content;
    private final ProtectionDomain domain;

    /**
     * Opens the jar.
     *
     * @param parent where to look for what the jar does not hold, null for the bootstrap loader
     */
    public IsolatedLoader(File jar, ClassLoader parent) throws IOException {
        super(parent);
        content = new IsolatedContent(jar);
        CodeSource source = new CodeSource(jar.toURI().toURL(), (Certificate[]) null);
        domain = new ProtectionDomain(source, allPermissions(), this, null);
    }

    /** As much as the bootstrap half of the agent has: a security manager restricts the application, not the agent. */
    private static Permissions allPermissions() {
        Permissions permissions = new Permissions();
        permissions.add(new AllPermission());
        return permissions;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> type = findLoadedClass(name);
            if (type == null && !name.startsWith("java.")) {
                type = findOwn(name);
            }
            if (type == null) {
                return super.loadClass(name, resolve);
            }
            if (resolve) {
                resolveClass(type);
            }
            return type;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        Class<?> type = findOwn(name);
        if (type == null) {
            throw new ClassNotFoundException(name);
        }
        return type;
    }

    private Class<?> findOwn(String name) throws ClassNotFoundException {
        byte[] bytes;
        try {
            bytes = content.read(name.replace('.', '/').concat(".class"));
            if (bytes != null && LoggerRedirect.concerns(name)) {
                bytes = LoggerRedirect.apply(bytes);
            }
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
        if (bytes == null) {
            return null;
        }
        definePackageOf(name);
        return defineClass(name, bytes, 0, bytes.length, domain);
    }

    /** Before JDK 9 a class has a package only if its loader has made one. */
    private void definePackageOf(String name) {
        int dot = name.lastIndexOf('.');
        if (dot < 0 || getPackage(name.substring(0, dot)) != null) {
            return;
        }
        try {
            definePackage(name.substring(0, dot), null, null, null, null, null, null, null);
        } catch (IllegalArgumentException e) {
            // Another thread was faster: the package is there, which is all that matters.
        }
    }

    @Override
    public URL getResource(String name) {
        URL own = findResource(name);
        return own == null ? super.getResource(name) : own;
    }

    /** Services are looked for here: a parent's provider of a library of ours would implement another copy of its interface. */
    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        URL own = findResource(name);
        return own == null ? super.getResources(name) : Collections.enumeration(Collections.singleton(own));
    }

    @Override
    public InputStream getResourceAsStream(String name) {
        try {
            InputStream own = content.open(name);
            return own == null ? super.getResourceAsStream(name) : own;
        } catch (IOException e) {
            return null; // as the method's contract has it
        }
    }

    @Override
    protected URL findResource(String name) {
        return content.url(name);
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL own = findResource(name);
        return own == null ? Collections.<URL>emptyEnumeration() : Collections.enumeration(Collections.singleton(own));
    }
}
