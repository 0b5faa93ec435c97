// Sends one message with Go's net/smtp, as MAIL_* in the environment say.
package main

import (
	"crypto/tls"
	"log"
	"net/smtp"
	"os"
	"strings"
)

func order(name string) string { return os.Getenv("MAIL_" + name) }

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	address := order("HOST") + ":" + order("PORT")
	var auth smtp.Auth
	switch order("MECHANISM") {
	case "PLAIN":
		auth = smtp.PlainAuth("", order("USER"), order("PASSWORD"), order("HOST"))
	case "CRAM-MD5":
		auth = smtp.CRAMMD5Auth(order("USER"), order("PASSWORD"))
	}
	message, err := os.ReadFile(order("MESSAGE"))
	must(err)
	to := strings.Split(order("TO"), ",")

	// The CA is in SSL_CERT_FILE.
	if order("TLS") != "implicit" {
		must(smtp.SendMail(address, auth, order("FROM"), to, message))
		return
	}
	conn, err := tls.Dial("tcp", address, &tls.Config{ServerName: order("HOST")})
	must(err)
	client, err := smtp.NewClient(conn, order("HOST"))
	must(err)
	if auth != nil {
		must(client.Auth(auth))
	}
	must(client.Mail(order("FROM")))
	for _, recipient := range to {
		must(client.Rcpt(recipient))
	}
	content, err := client.Data()
	must(err)
	_, err = content.Write(message)
	must(err)
	must(content.Close())
	must(client.Quit())
}
