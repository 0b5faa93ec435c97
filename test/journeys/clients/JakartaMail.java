import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.File;
import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Sends one message with Jakarta Mail, as MAIL_* in the environment say. */
public final class JakartaMail {
    public static void main(String[] args) throws Exception {
        boolean implicit = "implicit".equals(order("TLS"));
        String protocol = implicit ? "smtps" : "smtp";
        String prefix = "mail." + protocol + ".";
        Properties settings = new Properties();
        settings.put("mail.transport.protocol", protocol);
        settings.put("mail.mime.allowutf8", "true");
        settings.put(prefix + "host", order("HOST"));
        settings.put(prefix + "port", order("PORT"));
        if ("starttls".equals(order("TLS"))) {
            settings.put(prefix + "starttls.enable", "true");
            settings.put(prefix + "starttls.required", "true");
        }
        if (order("CA") != null) settings.put(prefix + "ssl.socketFactory", trusting(order("CA")));
        if (order("TLS") != null) settings.put(prefix + "ssl.checkserveridentity", "true");
        String mechanism = order("MECHANISM");
        if (mechanism != null) {
            settings.put(prefix + "auth", "true");
            settings.put(prefix + "auth.mechanisms", mechanism);
            if (mechanism.equals("CRAM-MD5")) {
                // Not one of its own: Java's SASL has it.
                settings.put(prefix + "sasl.enable", "true");
                settings.put(prefix + "sasl.mechanisms", mechanism);
            }
        }
        if (order("NOTIFY") != null) {
            settings.put(prefix + "dsn.notify", order("NOTIFY"));
            settings.put(prefix + "dsn.ret", order("RET"));
        }

        Session session = Session.getInstance(settings);
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(order("FROM")));
        for (String recipient : order("TO").split(",")) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        message.setSubject(order("SUBJECT"), "UTF-8");
        if (order("ATTACHMENT") == null) {
            message.setText(order("TEXT"), "UTF-8");
        } else {
            MimeBodyPart text = new MimeBodyPart();
            text.setText(order("TEXT"), "UTF-8");
            MimeBodyPart attachment = new MimeBodyPart();
            attachment.attachFile(new File(order("ATTACHMENT")));
            message.setContent(new MimeMultipart(text, attachment));
        }
        message.saveChanges();
        try (Transport transport = session.getTransport()) {
            transport.connect(order("USER"), order("PASSWORD"));
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    private static String order(String name) {
        return System.getenv("MAIL_" + name);
    }

    private static SSLSocketFactory trusting(String ca) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (FileInputStream file = new FileInputStream(ca)) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }
}
